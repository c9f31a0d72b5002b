import { percentText } from "../../_core/percent-text.ts";
import type { Files, HttpAnswer, HttpRequest } from "../../_kit/ports.ts";
import type { KubernetesConfig } from "../config.ts";
import { answerProblem, getRequest } from "./asking.ts";
import { textField } from "./json-shape.ts";
import { basePath, type Url } from "./url.ts";

/** No token is longer. */
const TOKEN_BYTES = 16 * 1024;
/** Versions are numbers so far, though nobody may count on it. */
const MOST_VERSION_BYTES = 256;
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

/** The version that something is of; undefined when there is none, or what can be none: it is sent back. */
export function versionField(metadata: unknown): string | undefined {
  const version = textField(metadata, "resourceVersion");
  return version === undefined || version.length > MOST_VERSION_BYTES ? undefined : version;
}

export function isApiProblem(outcome: object): outcome is ApiProblem {
  return (outcome as Partial<ApiProblem>).problem !== undefined;
}

export function apiProblem(answer: HttpAnswer): ApiProblem | undefined {
  const problem = answerProblem(answer);
  return problem === undefined ? undefined : { problem, isGone: answer.status === GONE };
}

/** The token in a file, which may end in a newline; "" where there is none, or something that no header may hold. */
function tokenIn(text: string): string {
  let token = text;
  while (token !== "" && token.slice(-1).charCodeAt(0) <= 32) {
    token = token.slice(0, -1);
  }
  return token.indexOf("\n") === -1 && token.indexOf("\r") === -1 ? token : "";
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
          token = tokenIn(text);
        }
        if (token === "") {
          return { problem: `the token file ${config.token_file} cannot be read, or holds no token`, isGone: false };
        }
        headers["Authorization"] = `Bearer ${token}`;
      }
      return getRequest(asking, path + options, headers, readSeconds);
    },
  };
}
