/** A request as it is sent. Nothing in it can end a line early, and so add a header or another request. */
import type { HttpRequest } from "../../plugins/_kit/ports.ts";

/** RFC 9110, 5.6.2, as a Lua pattern. */
const TOKEN = "^[%w!#$%%&'*+%-.^_`|~]+$";

function hostField(request: HttpRequest): string {
  const host = request.host.indexOf(":") === -1 ? request.host : `[${request.host}]`;
  const usual = request.scheme === "https" ? 443 : 80;
  return request.port === usual ? host : `${host}:${string.format("%d", request.port)}`;
}

function fits(text: string, pattern: string): boolean {
  const [found] = string.match(text, pattern);
  return found !== undefined;
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65535 && port === math.floor(port);
}

/** What is wrong with the request but for its headers. Texts of the user are not repeated: they may be long, or secret. */
function flawOf({ method, host, port, path }: HttpRequest): string | undefined {
  if (!fits(method, TOKEN)) {
    return "the method is no word";
  }
  if (!fits(host, "^[%w._:-]+$") || !isPort(port)) {
    return "the host or the port is none";
  }
  return fits(path, "^/[^%c ]*$") ? undefined : "the path is no path, or has a space in it";
}

function headerFlaw(name: string, value: string): string | undefined {
  if (!fits(name, TOKEN)) {
    return "a header's name is no word";
  }
  if (fits(value, "[%z\r\n]")) {
    return `the header ${name} has a line break in it`;
  }
  const small = name.toLowerCase();
  const isOurs = small === "content-length" || small === "transfer-encoding";
  return isOurs ? `the header ${name} is made from the body: leave it out` : undefined;
}

/** True when the caller's own headers ask for a connection that nobody uses after. */
export function asksToClose(request: HttpRequest): boolean {
  for (const [name, value] of pairs(request.headers)) {
    if (name.toLowerCase() === "connection" && value.toLowerCase().indexOf("close") !== -1) {
      return true;
    }
  }
  return false;
}

/** @returns the request, or undefined and what is wrong with it */
export function requestText(request: HttpRequest): LuaMultiReturn<[string | undefined, string | undefined]> {
  const flaw = flawOf(request);
  if (flaw !== undefined) {
    return $multi(undefined, flaw);
  }
  const lines: string[] = [];
  const given = new LuaMap<string, boolean>();
  for (const [name, value] of pairs(request.headers)) {
    const problem = headerFlaw(name, value);
    if (problem !== undefined) {
      return $multi(undefined, problem);
    }
    given.set(name.toLowerCase(), true);
    lines.push(`${name}: ${value}`);
  }
  const { method, path, body } = request;
  if (!given.has("connection")) {
    lines.push("Connection: keep-alive");
  }
  if (body !== undefined || method === "POST" || method === "PUT" || method === "PATCH") {
    lines.push(`Content-Length: ${string.format("%d", (body ?? "").length)}`);
  }
  const host = given.has("host") ? "" : `Host: ${hostField(request)}\r\n`;
  return $multi(`${method} ${path} HTTP/1.1\r\n${host}${table.concat(lines, "\r\n")}\r\n\r\n${body ?? ""}`, undefined);
}
