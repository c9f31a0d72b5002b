import { request as plainRequest, type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { request as tlsRequest } from "node:https";
import { text } from "node:stream/consumers";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** Absent: a new connection for this request alone. */
  readonly agent?: Agent;
  /** Leaves when this fires; the promise is then rejected. */
  readonly signal?: AbortSignal;
}

/** One request by node:http, which changes nothing of what it is told to send. TLS certificates are not checked. */
export function send(url: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body, agent = false, signal } = options;
  const request = url.startsWith("https:") ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      headers,
      agent,
      rejectUnauthorized: false,
      ...(signal === undefined ? {} : { signal }),
    });
    sent.once("error", reject);
    sent.once("response", (response) => {
      text(response).then((read) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read });
      }, reject);
    });
    sent.end(body);
  });
}

/** Many requests at once. */
export function sendMany(count: number, url: string, options: RequestOptions = {}): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, () => send(url, options)));
}

/** How often each status came: `{ 200: 3, 503: 1 }`. */
export function statuses(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
