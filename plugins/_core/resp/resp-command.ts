import { integerText } from "../text.ts";

/**
 * A command as RESP2 has it: an array of bulk strings (https://redis.io/docs/latest/develop/reference/protocol-spec/). Any byte
 * may stand in an argument, for its length goes before it.
 * @param args in Node of ASCII only, for there a length is no count of bytes
 */
function commandText(args: readonly string[]): string {
  let text = `*${integerText(args.length)}\r\n`;
  for (const arg of args) {
    text += `$${integerText(arg.length)}\r\n${arg}\r\n`;
  }
  return text;
}

export { commandText };
