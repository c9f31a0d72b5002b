/** Talks to the admin server of a running gateway. */
import { AutoscaleError, type Problem } from "../errors.ts";
import type { AdminAddress } from "./admin-address.ts";

export interface AdminClient {
  readonly url: string;
  /** Each gives the answer's JSON, and throws an AutoscaleError when there is none. */
  get(path: string): Promise<unknown>;
  put(path: string, body: object): Promise<unknown>;
  /** @param text JSON as it is */
  post(path: string, text: string): Promise<unknown>;
}

/** The gateway understood and said no. */
export class AdminRefusal extends AutoscaleError {
  /** Of HTTP. */
  readonly status: number;
  /** What the gateway said; the problem holds it too. */
  readonly said: string;

  constructor(status: number, said: string, problem: Problem) {
    super(problem);
    this.status = status;
    this.said = said;
  }
}

interface Request {
  readonly method: "GET" | "PUT" | "POST";
  readonly path: string;
  readonly body?: string;
}

/**
 * @param timeoutSeconds for a whole answer
 * @param stop ends what is under way
 */
export function adminClient(address: AdminAddress, timeoutSeconds: number, stop?: AbortSignal): AdminClient {
  const ask = async ({ method, path, body }: Request): Promise<unknown> => {
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    // Reading needs no token, so it is not shown around.
    const token = method === "GET" || address.token === undefined ? {} : { authorization: `Bearer ${address.token}` };
    let status: number;
    let text: string;
    try {
      const answer = await fetch(`${address.url}${path}`, {
        method,
        headers: { accept: "application/json", ...(body === undefined ? {} : JSON_BODY), ...token },
        ...(body === undefined ? {} : { body }),
        // A redirect would take the token elsewhere.
        redirect: "manual",
        signal: stop === undefined ? timeout : AbortSignal.any([timeout, stop]),
      });
      status = answer.status;
      text = await answer.text();
    } catch (error) {
      throw new AutoscaleError(unreachable(error, address.url, timeoutSeconds));
    }
    return understand(status, text, address);
  };
  return {
    url: address.url,
    get: (path) => ask({ method: "GET", path }),
    put: (path, body) => ask({ method: "PUT", path, body: JSON.stringify(body) }),
    post: (path, text) => ask({ method: "POST", path, body: text }),
  };
}

const JSON_BODY = { "content-type": "application/json" };

function unreachable(error: unknown, url: string, timeoutSeconds: number): Problem {
  const code = "E_ADMIN_UNREACHABLE";
  if (error instanceof DOMException && error.name === "TimeoutError") {
    const remedy = "Is it short of time, or is something else listening there? Wait longer with --timeout.";
    return { code, message: `found no answer of ${url} within ${timeoutSeconds} s`, remedy };
  }
  return {
    code,
    message: `found no gateway at ${url}: ${causeOf(error)}`,
    remedy: "Is it running, and is `admin` set in its gateway.yaml? Name the address with --admin.",
  };
}

/** fetch says "fetch failed" and hides why in the cause, which for a name with several addresses holds one for each. */
function causeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first instanceof Error ? first.message : String(first);
}

function understand(status: number, text: string, address: AdminAddress): unknown {
  const value = parse(text);
  const good = status >= 200 && status < 300;
  if (good && isRecord(value)) return value;
  if (good || !isRecord(value) || typeof value["error"] !== "string") {
    throw new AutoscaleError({
      code: "E_ADMIN_ANSWER",
      message: `found an answer of ${address.url} that is not the admin server's (status ${status})`,
      remedy: "Name the admin server's address with --admin: its port is `admin.port` of gateway.yaml.",
    });
  }
  const said = typeof value["message"] === "string" ? value["message"] : "it gave no reason";
  throw new AdminRefusal(status, said, refusal(status, value["error"], said, address));
}

function refusal(status: number, error: string, said: string, { url, token }: AdminAddress): Problem {
  if (status !== 401) return { code: "E_ADMIN_REFUSED", message: `${url} answered ${error}: ${said}` };
  return {
    code: "E_ADMIN_TOKEN",
    message: token === undefined ? `${url} wants a token, found none` : `${url} does not take this token`,
    remedy: "Give the gateway's `admin.token` in a file (--token-file) or in AUTOSCALE_ADMIN_TOKEN.",
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
