import { clock } from "../model/format.ts";
import { at, find, setText } from "./dom.ts";

export interface Connection {
  /** @param time the gateway's, Unix seconds */
  live(time: number): void;
  /** @param seconds until the next try */
  lost(seconds: number): void;
}

/** Says whether the figures are fresh. @param retry looks at once */
export function connection(retry: () => void): Connection {
  const banner = find(document, "#lost", HTMLElement);
  const live = find(document, "#live", HTMLElement);
  let countdown: number | undefined;
  let lastTime: number | undefined;
  find(banner, "button", HTMLButtonElement).addEventListener("click", retry);

  const stop = (): void => window.clearInterval(countdown);
  return {
    live: (time) => {
      stop();
      lastTime = time;
      banner.hidden = true;
      document.body.classList.remove("stale");
      setText(live, `Live, ${clock(time)}`);
    },
    lost: (seconds) => {
      stop();
      document.body.classList.add("stale");
      setText(live, "Not connected");
      setText(at(banner, "stale"), lastTime === undefined ? "" : `These figures are of ${clock(lastTime)}.`);
      let left = Math.round(seconds);
      const tell = (): void => {
        setText(at(banner, "retry"), left > 0 ? `Retrying in ${String(left)} s.` : "Retrying.");
        left -= 1;
      };
      tell();
      countdown = window.setInterval(tell, 1000);
      banner.hidden = false;
    },
  };
}
