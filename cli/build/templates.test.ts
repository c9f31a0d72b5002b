import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { temporaryFiles } from "../../test/harness/temporary-files.ts";
import { templateRenderer } from "./templates.ts";

const root = fileURLToPath(new URL("../../templates/", import.meta.url));
const templates = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".hbs"));

/** Tags that write nothing by themselves, and those that write through a quoting helper. */
const ALLOWED = /^(?:[#/>!].*|else(?: if .*)?|(?:str|lit|id|int|time|lua|raw) [\w.@/]+)$/;

function bareTags(text: string): string[] {
  return [...text.matchAll(/\{\{(.*?)\}\}/gs)].map((tag) => (tag[1] ?? "").trim()).filter((tag) => !ALLOWED.test(tag));
}

test("there are templates", () => {
  expect(templates).toContain("openresty/nginx.conf.hbs");
});

test.each(templates)("%s writes every value through a quoting helper", (name) => {
  expect(bareTags(readFileSync(join(root, name), "utf8"))).toEqual([]);
});

test.each(["{{name}}", "{{{name}}}", "{{&name}}", "{{html name}}"])("a bare %s would be found", (tag) => {
  expect(bareTags(`listen ${tag};`)).toHaveLength(1);
});

test("a field that is not there is an error, not an empty string", () => {
  const folder = temporaryFiles({ "x.hbs": "listen {{int port}};" });
  const render = templateRenderer(pathToFileURL(`${folder}/`));
  expect(render("x", { port: 80 })).toBe("listen 80;");
  expect(() => render("x", {})).toThrow(/port/);
});
