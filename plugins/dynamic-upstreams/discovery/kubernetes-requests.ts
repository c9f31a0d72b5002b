import { percentText } from "../../_core/percent-text.ts";
import type { Files, HttpAnswer, HttpRequest } from "../../_kit/ports.ts";
import type { KubernetesConfig } from "../config.ts";
import { answerProblem, getRequest } from "./asking.ts";
import { basePath, type Url } from "./url.ts";

/** No token is longer. */
const TOKEN_BYTES = 64 * 1024;
/** What was asked for is so old that the server has forgotten it. Told as status, and in events. */
export const GONE = 410;

/** Why nothing can be had of the API server now. */
export interface ApiProblem {
  readonly problem: string;
  /** Nothing is wrong: one has to begin anew. */
  readonly isGone: boolean;
}

/**
 * Requests for the EndpointSlices of one Service.
 * @noSelf
 */
export interface SliceRequests {
  /** @param options of the query, each with its `&` */
  make(options: string, readSeconds: number): HttpRequest | ApiProblem;
}

export function isApiProblem(outcome: object): outcome is ApiProblem {
  return (outcome as Partial<ApiProblem>).problem !== undefined;
}

export function apiProblem(answer: HttpAnswer): ApiProblem | undefined {
  const problem = answerProblem(answer);
  return problem === undefined ? undefined : { problem, isGone: answer.status === GONE };
}

/** Files end in a newline at times, which no header may hold. */
function firstWord(text: string): string {
  let word = "";
  let rest = text;
  while (rest !== "" && rest.charCodeAt(0) > 32) {
    word += rest.slice(0, 1);
    rest = rest.slice(1);
  }
  return word;
}

export function sliceRequests(config: KubernetesConfig, url: Url, files: Files): SliceRequests {
  const asking = { url, timeoutSeconds: config.timeout_seconds, verify: config.verify };
  const namespace = percentText(config.namespace);
  const selector = percentText(`kubernetes.io/service-name=${config.service}`);
  const path = `${basePath(url)}/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`;
  let lastText = "";
  let token = "";

  return {
    make: (options, readSeconds) => {
      const headers: Record<string, string> = { Accept: "application/json" };
      if (config.token_file !== "") {
        // Read each time: the kubelet renews it, and the old one ends.
        const text = files.read(config.token_file, TOKEN_BYTES) ?? "";
        if (text !== lastText) {
          lastText = text;
          token = firstWord(text);
        }
        if (token === "") {
          return { problem: `the token file ${config.token_file} is empty or cannot be read`, isGone: false };
        }
        headers["Authorization"] = `Bearer ${token}`;
      }
      return getRequest(asking, path + options, headers, readSeconds);
    },
  };
}
