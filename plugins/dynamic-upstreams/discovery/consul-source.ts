import { percentText } from "../../_core/percent-text.ts";
import { integerText, parseDigits } from "../../_core/text.ts";
import type { HttpAnswer } from "../../_kit/ports.ts";
import type { ConsulConfig } from "../config.ts";
import { answerProblem, getRequest } from "./asking.ts";
import { brokenSource } from "./broken-source.ts";
import { consulPeers } from "./consul-answer.ts";
import { type Look, lookRepeatedly } from "./looking.ts";
import { createQueryGate } from "./query-gate.ts";
import type { Found, Source, SourcePorts } from "./source.ts";
import { basePath, parseUrl } from "./url.ts";

/** It is always safe to wait with this index: Consul answers at once when it is above. */
const LEAST_INDEX = "1";
/** An index has 64 bits. */
const MOST_DIGITS = 20;

function option(name: string, value: string | undefined): string {
  return value === undefined ? "" : `&${name}=${percentText(value)}`;
}

/** Everything of the query but what changes from one to the next. */
function queryOf(config: ConsulConfig): string {
  let query = config.passing ? "passing=true" : "passing=false";
  query += option("dc", config.datacenter) + option("ns", config.namespace) + option("near", config.near);
  for (const tag of config.tags) {
    query += option("tag", tag);
  }
  return query;
}

/** All that says which instances are asked for. */
function nameOf(config: ConsulConfig, place: string): string {
  let name = `consul ${config.service}`;
  for (const tag of config.tags) {
    name += ` tag ${tag}`;
  }
  name += config.datacenter === undefined ? "" : ` datacenter ${config.datacenter}`;
  name += config.namespace === undefined ? "" : ` namespace ${config.namespace}`;
  return `${name}${config.passing ? "" : " whatever their checks say"} at ${place}`;
}

/**
 * What to wait with next (https://developer.hashicorp.com/consul/api-docs/features/blocking): an index that goes backwards begins
 * anew, and one that is absent or 0 must not make a busy loop.
 * @returns undefined: ask without waiting
 */
export function nextIndex(last: string | undefined, told: string | undefined): string | undefined {
  const now = told === undefined || told.length > MOST_DIGITS ? undefined : parseDigits(told);
  if (told === undefined || now === undefined || now < 1) {
    return LEAST_INDEX;
  }
  return last !== undefined && now < (parseDigits(last) ?? 0) ? undefined : told;
}

/** Instances of a service in Consul, by blocking queries: each waits at the server until something changes. */
export function consulSource(config: ConsulConfig, ports: SourcePorts): Source {
  const url = parseUrl(config.address);
  if (url === undefined) {
    return brokenSource("consul", "address");
  }
  const asking = { url, timeoutSeconds: config.timeout_seconds, verify: config.verify };
  const path = `${basePath(url)}/v1/health/service/${percentText(config.service)}?${queryOf(config)}`;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (config.token !== undefined) {
    headers["X-Consul-Token"] = config.token;
  }
  const gate = createQueryGate();
  let index: string | undefined;

  function ask(): HttpAnswer {
    if (index === undefined) {
      return ports.http.request(getRequest(asking, path, headers));
    }
    // Consul waits up to a sixteenth longer, so that not all wake up together.
    const waitSeconds = Math.ceil(config.wait_seconds);
    const readSeconds = waitSeconds + waitSeconds / 16 + config.timeout_seconds;
    const waiting = `${path}&index=${index}&wait=${integerText(waitSeconds)}s`;
    return ports.http.request(getRequest(asking, waiting, headers, readSeconds));
  }

  function look(): Look {
    const answer = ask();
    const problem = answerProblem(answer);
    const document = problem === undefined ? ports.json.decode(answer.body) : undefined;
    const found: Found = problem === undefined ? consulPeers(document) : { problem };
    if (found.peers === undefined) {
      // Without waiting next time: then it is known at once that all is well again.
      index = undefined;
      return { found };
    }
    index = nextIndex(index, answer.headers["x-consul-index"]);
    return { found, waitSeconds: gate.waitSeconds(ports.clock.now()) };
  }

  return {
    name: nameOf(config, url.place),
    run: (report, running) => {
      lookRepeatedly(ports, look, report, running);
    },
  };
}
