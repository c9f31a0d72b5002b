/** The admin server as tests ask it. */
import { ADMIN_TOKEN, type Gateway } from "./gateway.ts";
import { send, type Answer, type RequestOptions } from "./http-request.ts";

export interface AdminAnswer extends Answer {
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

export interface AdminClient {
  get(path: string, options?: RequestOptions): Promise<AdminAnswer>;
  /** With the token. */
  put(path: string, body: unknown): Promise<AdminAnswer>;
  post(path: string, body: unknown): Promise<AdminAnswer>;
  /** As told, without a token. */
  send(path: string, options: RequestOptions): Promise<AdminAnswer>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function adminClient(gateway: Gateway): AdminClient {
  const ask = async (path: string, options: RequestOptions = {}): Promise<AdminAnswer> => {
    const answer = await send(`${gateway.adminUrl}${path}`, options);
    return { ...answer, json: parsed(answer.body) };
  };
  const write = (method: string) => (path: string, body: unknown) =>
    ask(path, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { get: ask, put: write("PUT"), post: write("POST"), send: ask };
}

/** What an answer says is wrong: its status and code. */
export function refusalOf(answer: AdminAnswer): readonly [number, string | undefined] {
  return [answer.status, (answer.json as { error?: string } | undefined)?.error];
}
