import { base64 } from "../../_core/base64.ts";
import { percentText } from "../../_core/percent-text.ts";
import type { HttpAnswer } from "../../_kit/ports.ts";
import type { EurekaConfig } from "../config.ts";
import { answerProblem, getRequest } from "./asking.ts";
import { brokenSource } from "./broken-source.ts";
import { eurekaApp } from "./eureka-app.ts";
import { type Look, lookRepeatedly } from "./looking.ts";
import type { Found, Source, SourcePorts } from "./source.ts";
import { basePath, parseUrl } from "./url.ts";

/**
 * So many looks are at what changed, then one is at all. A client that keeps all applications can tell by the server's
 * `apps__hashcode`, a count of all instances by status, when it has missed something. This one keeps a single application.
 */
const DELTAS_IN_A_ROW = 9;
/** A server keeps what changed for three minutes (retentionTimeInMSInDeltaQueue): where looks are further apart, all is asked. */
const MOST_DELTA_SECONDS = 120;

const NOT_FOUND = 404;

/** Instances of an application in Eureka that are UP: https://github.com/Netflix/eureka/wiki/Eureka-REST-operations. */
export function eurekaSource(config: EurekaConfig, ports: SourcePorts): Source {
  const url = parseUrl(config.address);
  if (url === undefined) {
    return brokenSource("eureka", "address");
  }
  const asking = { url, timeoutSeconds: config.timeout_seconds, verify: config.verify };
  const name = config.app.toUpperCase();
  const base = basePath(url);
  const app = eurekaApp(name, config.secure);
  const headers: Record<string, string> = { Accept: "application/json" };
  if (config.username !== undefined) {
    headers["Authorization"] = `Basic ${base64(`${config.username}:${config.password ?? ""}`)}`;
  }
  // How many looks may still be at what changed.
  let deltasLeft = 0;

  function ask(path: string): HttpAnswer {
    return ports.http.request(getRequest(asking, base + path, headers));
  }

  /** False: it did not work, whyever; asking for all tells whether something is wrong. */
  function takeDelta(): boolean {
    const answer = ask("/apps/delta");
    return answerProblem(answer) === undefined && app.apply(ports.json.decode(answer.body));
  }

  function takeAll(): Found {
    const answer = ask(`/apps/${percentText(name)}`);
    if (answer.status === NOT_FOUND) {
      // The server knows no application of that name: it has no instance, or never had.
      return { peers: [] };
    }
    const problem = answerProblem(answer);
    if (problem !== undefined) {
      return { problem };
    }
    if (!app.replace(ports.json.decode(answer.body))) {
      return { problem: "its answer is not an application" };
    }
    deltasLeft = config.interval_seconds > MOST_DELTA_SECONDS ? 0 : DELTAS_IN_A_ROW;
    return app.found();
  }

  function look(): Look {
    const useDelta = deltasLeft > 0;
    deltasLeft = useDelta ? deltasLeft - 1 : 0;
    let found: Found;
    if (useDelta && takeDelta()) {
      found = app.found();
    } else {
      deltasLeft = 0;
      found = takeAll();
    }
    return found.peers === undefined ? { found } : { found, waitSeconds: config.interval_seconds };
  }

  return {
    name: `eureka ${name}${config.secure ? " secure ports" : ""} at ${url.place}${base}`,
    run: (report, running) => {
      lookRepeatedly(ports, look, report, running);
    },
  };
}
