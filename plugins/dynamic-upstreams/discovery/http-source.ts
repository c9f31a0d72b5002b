import type { HttpConfig } from "../config.ts";
import { answerProblem, getRequest } from "./asking.ts";
import { brokenSource } from "./broken-source.ts";
import { type Look, lookRepeatedly } from "./looking.ts";
import { parseTargets } from "./parse-targets.ts";
import type { Found, Source, SourcePorts } from "./source.ts";
import { basePath, parseUrl } from "./url.ts";

/**
 * A server that answers with peers as JSON, asked each interval. With an ETag it need not send them again. What it says of
 * caching (Cache-Control, Expires) is not heeded: the interval is.
 */
export function httpSource(config: HttpConfig, ports: SourcePorts): Source {
  const url = parseUrl(config.url);
  if (url === undefined) {
    return brokenSource("http", "url");
  }
  const asking = { url, timeoutSeconds: config.timeout_seconds, verify: config.verify };
  const path = url.path === "" ? "/" : url.path;
  let etag: string | undefined;
  let lastFound: Found = {};

  function headers(): Readonly<Record<string, string>> {
    const all: Record<string, string> = { Accept: "application/json" };
    for (const name in config.headers) {
      all[name] = config.headers[name] ?? "";
    }
    if (etag !== undefined) {
      all["If-None-Match"] = etag;
    }
    return all;
  }

  function ask(): Found {
    const answer = ports.http.request(getRequest(asking, path, headers()));
    if (answer.status === 304 && etag !== undefined) {
      return lastFound;
    }
    // Whatever comes now, "as before" would be no answer that can be used.
    etag = undefined;
    const problem = answerProblem(answer);
    if (problem !== undefined) {
      return { problem };
    }
    const document = ports.json.decode(answer.body);
    lastFound = document === undefined ? { problem: "its answer is not JSON" } : parseTargets(document);
    if (lastFound.peers !== undefined) {
      etag = answer.headers["etag"];
    }
    return lastFound;
  }

  function look(): Look {
    const found = ask();
    return found.peers === undefined ? { found } : { found, waitSeconds: config.interval_seconds };
  }

  return {
    // Without the query: it may hold a secret.
    name: `http ${url.place}${basePath(url)}`,
    run: (report, running) => {
      lookRepeatedly(ports, look, report, running);
    },
  };
}
