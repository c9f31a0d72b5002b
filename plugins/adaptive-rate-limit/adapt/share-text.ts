import { integerText } from "../../_core/text.ts";

/** A share as people read it, with two decimals. @param share 0 to 1 */
export function shareText(share: number): string {
  const hundredths = Math.floor(share * 100 + 0.5);
  return hundredths >= 100 ? "1.00" : `0.${integerText(100 + hundredths).slice(1)}`;
}
