import { expect, test } from "vitest";
import { temporaryFiles } from "../../test/harness/temporary-files.ts";
import { findAdmin, type AdminChoice } from "./admin-address.ts";

const GATEWAY = `admin: { address: 127.0.0.2, port: 9999, token: "\${ADMIN_TOKEN:-}" }
upstreams: { one: { targets: ["127.0.0.1:9001"] } }
routes: [{ name: all, path: /, upstream: one }]
`;
const FILES = { "gateway.yaml": GATEWAY, token: "from-file\n", "bad-token": "two words\n", "empty-token": "\n" };

function find(choice: AdminChoice, env: Record<string, string> = {}, files: Record<string, string> = FILES) {
  return findAdmin(choice, { cwd: temporaryFiles(files), env });
}

test("the default, where there is no gateway.yaml", () => {
  expect(find({}, {}, {})).toEqual({ url: "http://127.0.0.1:9180" });
});

test("the admin server of gateway.yaml, with the environment filled in", () => {
  expect(find({})).toEqual({ url: "http://127.0.0.2:9999" });
  expect(find({}, { ADMIN_TOKEN: "abc" })).toEqual({ url: "http://127.0.0.2:9999", token: "abc" });
});

test.each([
  ["0.0.0.0", "http://127.0.0.1:9999"],
  ["::", "http://[::1]:9999"],
  ["::1", "http://[::1]:9999"],
])("an admin server at %s is reached at %s", (address, url) => {
  const text = GATEWAY.replace("127.0.0.2", `"${address}"`).replace(":-}", ":-x}");
  expect(find({}, {}, { "gateway.yaml": text }).url).toBe(url);
});

test("another gateway.yaml, which must be there", () => {
  const files = { "other.yaml": GATEWAY.replace("9999", "9998") };
  expect(find({ file: "other.yaml" }, {}, files).url).toBe("http://127.0.0.2:9998");
  expect(() => find({ file: "none.yaml" })).toThrow("E_FILE_NOT_FOUND");
});

test.each([
  ["127.0.0.1:1", "http://127.0.0.1:1"],
  ["http://gateway:9180/", "http://gateway:9180"],
  ["https://ops.example.com/gateway/", "https://ops.example.com/gateway"],
  ["http://[::1]:9180", "http://[::1]:9180"],
])("--admin %s", (admin, url) => {
  expect(find({ admin }, { AUTOSCALE_ADMIN: "http://elsewhere:1" }).url).toBe(url);
  expect(find({}, { AUTOSCALE_ADMIN: admin }).url).toBe(url);
});

test.each([["ftp://a"], ["http://"], ["http://user:secret@a"], ["http://a?x"], ["http://a#x"], ["::::"]])(
  "--admin %s is no address, and is not shown",
  (admin) => {
    expect(() => find({ admin })).toThrow(/^E_ADMIN_URL (?!.*secret)/);
  },
);

test("the token: the file, then the variable, then gateway.yaml", () => {
  const env = { ADMIN_TOKEN: "of-gateway", AUTOSCALE_ADMIN_TOKEN: "of-environment" };
  expect(find({ tokenFile: "token" }, env).token).toBe("from-file");
  expect(find({}, env).token).toBe("of-environment");
  expect(find({}, { ...env, AUTOSCALE_ADMIN_TOKEN: "" }).token).toBe("of-gateway");
});

test("the token of gateway.yaml goes to its own gateway only", () => {
  expect(find({ admin: "http://elsewhere:9180" }, { ADMIN_TOKEN: "abc" })).toEqual({ url: "http://elsewhere:9180" });
});

test.each([
  ["none", "E_FILE_NOT_FOUND"],
  [".", "E_FILE_UNREADABLE"],
  ["bad-token", "E_ADMIN_TOKEN"],
  ["empty-token", "E_ADMIN_TOKEN"],
])("--token-file %s: %s", (tokenFile, code) => {
  expect(() => find({ tokenFile })).toThrow(code);
  expect(() => find({ tokenFile })).not.toThrow("two words");
});

test("a gateway without an admin server is told apart from one that does not run", () => {
  const text = GATEWAY.replace(/^admin:.*\n/, "");
  expect(() => find({}, {}, { "gateway.yaml": text })).toThrow(/gateway\.yaml E_ADMIN_OFF .*\n.*admin: \{\}/);
});

test("a gateway.yaml with mistakes is told so, with the place", () => {
  expect(() => find({}, {}, { "gateway.yaml": GATEWAY.replace("9999", "none") })).toThrow(/gateway\.yaml:1:\d+ E_/);
});
