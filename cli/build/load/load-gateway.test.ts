import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadGateway } from "./load-gateway.ts";

const SMALL = `upstreams: { users: { targets: ["127.0.0.1:9000"] } }
routes: [{ name: users, upstream: users }]
`;

let folder = "";

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "autoscale-load-")));
  mkdirSync(join(folder, "site/plugins"), { recursive: true });
  writeFileSync(join(folder, "site/key.pem"), "");
  writeFileSync(join(folder, "site/gateway.yaml"), SMALL);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function messageOf(file: string, text?: string | Uint8Array): string {
  if (text !== undefined) writeFileSync(join(folder, file), text);
  try {
    loadGateway(file, { env: {}, cwd: folder });
  } catch (error) {
    return (error as Error).message;
  }
  return "loaded";
}

test("reads a file by a relative name and knows its absolute one", () => {
  const loaded = loadGateway("site/gateway.yaml", { env: {}, cwd: folder });
  expect(loaded.gateway.file).toBe(join(folder, "site/gateway.yaml"));
  expect(loaded.locate(["routes"])).toEqual({ file: "site/gateway.yaml", line: 2, column: 9 });
});

test("files and folders it names are looked for beside it", () => {
  const tls = "listen: [{ port: 443, tls: { certificate: key.pem, key: plugins } }]\n";
  expect(messageOf("site/tls.yaml", `${SMALL}${tls}custom_plugins: [plugins, key.pem]\n`)).toBe(
    [
      `site/tls.yaml:3:57 E_FILE_NOT_FOUND listen[0].tls.key: found a folder at ${folder}/site/plugins, allowed: a file`,
      "  Paths are relative to gateway.yaml.",
      `site/tls.yaml:4:27 E_FILE_NOT_FOUND custom_plugins[1]: found a file at ${folder}/site/key.pem, allowed: a folder`,
      "  Paths are relative to gateway.yaml.",
    ].join("\n"),
  );
});

test.each([
  [
    "nowhere.yaml",
    "nowhere.yaml E_FILE_NOT_FOUND there is no such file\n  Name the file, or make one with autoscale-lua init.",
  ],
  [
    "site/key.pem/x.yaml",
    "site/key.pem/x.yaml E_FILE_NOT_FOUND there is no such file\n  Name the file, or make one with autoscale-lua init.",
  ],
  ["site", "site E_FILE_NOT_FOUND found a folder, allowed: a file\n  Name the gateway.yaml in it."],
])("%s is refused", (file, message) => {
  expect(messageOf(file)).toBe(message);
});

test("a file that is not UTF-8 is refused", () => {
  const message = "latin.yaml E_YAML_SYNTAX found text that is not UTF-8\n  Save the file as UTF-8.";
  expect(messageOf("latin.yaml", Uint8Array.of(0x61, 0x3a, 0x20, 0xe9))).toBe(message);
  expect(messageOf("latin.yaml", Buffer.from(`\ufeff${SMALL}`, "utf16le"))).toBe(message);
});

test("an empty file and an enormous one are refused", () => {
  expect(messageOf("empty.yaml", "")).toContain("empty.yaml:1:1 E_FILE_EMPTY");
  expect(messageOf("huge.yaml", "#".repeat(5 * 1024 * 1024))).toContain("huge.yaml E_FILE_TOO_LARGE");
});

test("a byte order mark is no part of the text", () => {
  expect(messageOf("bom.yaml", `\ufeff${SMALL}`)).toBe("loaded");
});
