import { backOffSeconds } from "../../_core/back-off.ts";
import type { KubernetesConfig } from "../config.ts";
import { brokenSource } from "./broken-source.ts";
import { type Listed, listSlices } from "./kubernetes-list.ts";
import { type ApiProblem, isApiProblem, sliceRequests } from "./kubernetes-requests.ts";
import { watchSlices } from "./kubernetes-watch.ts";
import { createQueryGate } from "./query-gate.ts";
import type { Found, Source, SourcePorts } from "./source.ts";
import { parseUrl } from "./url.ts";

/**
 * The endpoints of a Service in Kubernetes: its EndpointSlices are listed, and then watched. After any problem they are listed
 * anew, so that what is known is never older than the list.
 */
export function kubernetesSource(config: KubernetesConfig, ports: SourcePorts): Source {
  const url = parseUrl(config.address);
  if (url === undefined) {
    return brokenSource("kubernetes", "address");
  }
  const requests = sliceRequests(config, url, ports.files);
  const port = config.port === undefined ? "" : ` port ${config.port}`;
  let problems = 0;

  /** One watch after the other; undefined when the work is over. */
  function follow(listed: Listed, report: (found: Found) => void, running: () => boolean): ApiProblem | undefined {
    const gate = createQueryGate();
    while (running()) {
      const problem = watchSlices(listed, requests, ports, () => {
        if (!running()) {
          return false;
        }
        problems = 0;
        report(listed.slices.found());
        return true;
      });
      if (problem !== undefined) {
        return problem;
      }
      problems = 0;
      if (!ports.tasks.sleep(gate.waitSeconds(ports.clock.now()))) {
        return undefined;
      }
    }
    return undefined;
  }

  return {
    name: `kubernetes ${config.namespace}/${config.service}${port} at ${url.place}`,
    run: (report, running) => {
      while (running()) {
        const listed = listSlices(config, requests, ports);
        let problem: ApiProblem | undefined;
        if (isApiProblem(listed)) {
          problem = listed;
        } else if (running()) {
          report(listed.slices.found());
          problem = follow(listed, report, running);
        }
        if (problem === undefined || !running()) {
          return;
        }
        if (!problem.isGone) {
          report({ problem: problem.problem });
        }
        problems += 1;
        if (!ports.tasks.sleep(backOffSeconds(problems, ports.random.next()))) {
          return;
        }
      }
    },
  };
}
