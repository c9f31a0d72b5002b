import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { policyFor, publishedPage } from "./published-page.ts";

const { html, contentSecurityPolicy } = publishedPage();
const { joinStatusPage } = (await import(
  new URL("../../../cli/bootstrap/lib/status-page.mjs", import.meta.url).href
)) as {
  joinStatusPage(): Promise<string>;
};

test("the page is one file: it names no other", () => {
  const named = [...html.matchAll(/\b(?:src|href|srcset|action)="([^"]*)"/g)].map(([, url = ""]) => url);
  expect(named.filter((url) => !url.startsWith("#") && !url.startsWith("data:"))).toEqual([]);
  expect(html).not.toMatch(/@import|url\(/);
});

test("nothing in it needs unsafe-inline", () => {
  const markup = html.replaceAll(/<(script|style)\b.*?<\/\1>/gs, "");
  expect(markup.match(/\s(?:style|on\w+)=/g)).toBeNull();
  expect(contentSecurityPolicy).not.toContain("unsafe");
});

test("values never become markup", () => {
  expect(html).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
});

test("the policy holds the hash of the one script and the one style", () => {
  const bodies = [...html.matchAll(/<(?:script|style)\b[^>]*>(.*?)<\/(?:script|style)>/gs)].map(
    ([, body = ""]) => body,
  );
  expect(bodies).toHaveLength(2);
  for (const body of bodies) {
    expect(contentSecurityPolicy).toContain(`'sha256-${createHash("sha256").update(body).digest("base64")}'`);
  }
  expect(contentSecurityPolicy).toContain("default-src 'none'");
});

test("another script is another policy", () => {
  expect(policyFor("<script>1</script>")).not.toBe(policyFor("<script>2</script>"));
  expect(policyFor("<p>")).toContain("script-src 'none'; style-src 'none'");
});

test("the same sources give the same bytes, and not many", async () => {
  const [first, second] = [await joinStatusPage(), await joinStatusPage()];
  expect(first).toBe(second);
  expect(first).toBe(html);
  expect(Buffer.byteLength(html)).toBeLessThan(60_000);
});

test("every place that the page fills is there once in its template", () => {
  const source = readFileSync(new URL("page.html", import.meta.url), "utf8");
  const templates = [...source.matchAll(/<template id="([\w-]+)">(.*?)<\/template>/gs)];
  expect(templates.length).toBeGreaterThan(5);
  for (const [, id, body = ""] of templates) {
    const places = [...body.matchAll(/data-at="([\w-]+)"/g)].map(([, place]) => place);
    expect(places, id).toEqual([...new Set(places)]);
  }
});
