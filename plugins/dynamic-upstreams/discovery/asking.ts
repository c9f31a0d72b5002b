import { ipAddress } from "../../_core/ip-address.ts";
import { integerText } from "../../_core/text.ts";
import type { HttpAnswer, HttpRequest } from "../../_kit/ports.ts";
import type { Url } from "./url.ts";

/** No list of peers is longer; a longer one is a mistake that must not fill the memory. */
const MOST_BYTES = 16 * 1024 * 1024;

/** How a source asks its server. */
export interface Asking {
  readonly url: Url;
  readonly timeoutSeconds: number;
  /** Check the server's certificate, where it is asked by https. */
  readonly verify: boolean;
}

/** @param readSeconds the longest wait for the next bytes, where it is another than for a connection */
export function getRequest(
  asking: Asking,
  path: string,
  headers: Readonly<Record<string, string>>,
  readSeconds: number = asking.timeoutSeconds,
): HttpRequest {
  const { scheme, host, port } = asking.url;
  const request: { -readonly [Name in keyof HttpRequest]: HttpRequest[Name] } = {
    method: "GET",
    scheme,
    host,
    port,
    path,
    headers,
    connectSeconds: asking.timeoutSeconds,
    readSeconds,
    maxBytes: MOST_BYTES,
  };
  if (scheme === "https") {
    const { verify } = asking;
    request.tls = ipAddress(host) === undefined ? { verify, serverName: host } : { verify };
  }
  return request;
}

/** Why an answer is none that can be used; undefined when its status is 200 and it is whole. */
export function answerProblem(answer: HttpAnswer): string | undefined {
  const { status, problem } = answer;
  if (status === 0) {
    return problem ?? "no answer";
  }
  if (status === 401 || status === 403) {
    return `it refused access (status ${integerText(status)}): check what it is asked with, and what that may read`;
  }
  return status === 200 ? problem : `it answered with status ${integerText(status)}`;
}
