import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

/** The status page as the bundle holds it, and the header that lets a browser run nothing but it. */
export interface PublishedPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** Where `npm run build` puts the joined page, and where a run from the sources (a test) finds it. */
const PLACES = ["status.html", "../../../.cache/status-page/status.html"];

/**
 * Reads the joined page.
 * @throws Error when it has not been joined
 */
export function publishedPage(): PublishedPage {
  const place = PLACES.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (place === undefined) throw new Error("the status page has not been joined: run npm run build");
  const html = readFileSync(place, "utf8");
  return { html, contentSecurityPolicy: policyFor(html) };
}

/**
 * Content-Security-Policy for a page with inline scripts and styles: exactly these run, whatever finds its way into the
 * page. Hashes as in https://www.w3.org/TR/CSP3/#grammardef-hash-source
 */
export function policyFor(html: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashes(html, "script")}`,
    `style-src ${hashes(html, "style")}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function hashes(html: string, element: "script" | "style"): string {
  const bodies = [...html.matchAll(new RegExp(`<${element}\\b[^>]*>(.*?)</${element}>`, "gs"))].map(
    ([, body = ""]) => body,
  );
  const sources = bodies.map((body) => `'sha256-${createHash("sha256").update(body).digest("base64")}'`);
  return sources.length > 0 ? sources.join(" ") : "'none'";
}
