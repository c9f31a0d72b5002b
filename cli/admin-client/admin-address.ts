/** Where the admin server of a gateway is, and the token that lets one write to it. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadGateway } from "../build/load/index.ts";
import type { Admin } from "../build/model.ts";
import { AutoscaleError } from "../errors.ts";

/** What was said on the command line. */
export interface AdminChoice {
  readonly admin?: string;
  readonly tokenFile?: string;
  /** The gateway.yaml to look into; absent: ./gateway.yaml, if it is there. */
  readonly file?: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface AdminAddress {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token?: string;
}

/** Where a gateway has its admin server when nothing says otherwise. */
export const DEFAULT_ADMIN_URL = "http://127.0.0.1:9180";
const TOKEN = /^[!-~]{1,512}$/;

/**
 * The address: as given, or AUTOSCALE_ADMIN, or that of gateway.yaml, or the default one. The token: from the file
 * given, or AUTOSCALE_ADMIN_TOKEN, or gateway.yaml; that one goes nowhere but to the gateway of this gateway.yaml.
 * @throws AutoscaleError for an address that is none, and files that cannot be used
 */
export function findAdmin(choice: AdminChoice, around: Surroundings): AdminAddress {
  const written = choice.admin ?? nonEmpty(around.env["AUTOSCALE_ADMIN"]);
  const given = givenToken(choice, around);
  if (written !== undefined) return address(adminUrl(written), given);
  const configured = adminOfFile(choice.file, around);
  if (configured === undefined) return address(DEFAULT_ADMIN_URL, given);
  return address(urlOf(configured), given ?? configured.token);
}

const address = (url: string, token: string | undefined): AdminAddress => ({
  url,
  ...(token === undefined ? {} : { token }),
});

const nonEmpty = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

/** `127.0.0.1:9180` means http. A path stays: the admin server may be behind another one. */
function adminUrl(written: string): string {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  const usable = url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== "";
  if (usable && url.username === "" && url.password === "" && url.search === "" && url.hash === "") {
    return url.href.replace(/\/+$/, "");
  }
  // Not shown: it may hold a password.
  throw new AutoscaleError({
    code: "E_ADMIN_URL",
    message: "found an admin address that is none, allowed: http://host:port or https://host:port",
    remedy: `Such as --admin ${DEFAULT_ADMIN_URL}; a token goes into a file (--token-file) or AUTOSCALE_ADMIN_TOKEN.`,
  });
}

function givenToken({ tokenFile }: AdminChoice, { cwd, env }: Surroundings): string | undefined {
  if (tokenFile === undefined) return usableToken(nonEmpty(env["AUTOSCALE_ADMIN_TOKEN"]), "AUTOSCALE_ADMIN_TOKEN");
  let text: string;
  try {
    text = readFileSync(resolve(cwd, tokenFile), "utf8").trim();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new AutoscaleError({
      code: code === "ENOENT" ? "E_FILE_NOT_FOUND" : "E_FILE_UNREADABLE",
      file: tokenFile,
      message: code === "ENOENT" ? "found no such file" : message,
      remedy: "Name the file that holds the admin token.",
    });
  }
  return usableToken(text, tokenFile);
}

/** @param source named in the error; the token itself never is */
function usableToken(token: string | undefined, source: string): string | undefined {
  if (token === undefined || TOKEN.test(token)) return token;
  throw new AutoscaleError({
    code: "E_ADMIN_TOKEN",
    message: `found no token in ${source}, allowed: 1 to 512 printable ASCII characters without spaces`,
    remedy: "Give the token that `admin.token` in gateway.yaml holds.",
  });
}

function adminOfFile(file: string | undefined, { cwd, env }: Surroundings): Admin | undefined {
  const name = file ?? "gateway.yaml";
  if (file === undefined && !existsSync(resolve(cwd, name))) return undefined;
  const { admin } = loadGateway(name, { cwd, env }).gateway;
  if (admin !== undefined) return admin;
  throw new AutoscaleError({
    code: "E_ADMIN_OFF",
    file: name,
    message: "this gateway has no admin server",
    remedy: "Add `admin: {}` to it and reload the gateway, or name another gateway with --admin.",
  });
}

function urlOf({ address: host, port }: Admin): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}
