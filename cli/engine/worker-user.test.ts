import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFiles } from "../../test/harness/temporary-files.ts";
import type { Engine } from "./types.ts";
import { onlyForRoot } from "./worker-user.ts";

const engine = { kind: "nginx" } as Engine;

test("names the folder that keeps nginx's workers from the bundle, when root starts it", async () => {
  const home = temporaryFiles({ "dist/conf/nginx.conf": "events {}\n", "own/conf/nginx.conf": "user www-data;\n" });
  const prefix = join(home, "dist");
  chmodSync(home, 0o700);
  expect(await onlyForRoot(engine, prefix, 0)).toBe(home);
  expect(await onlyForRoot(engine, prefix, 1000)).toBeUndefined();
  expect(await onlyForRoot({ ...engine, kind: "container" }, prefix, 0)).toBeUndefined();
  expect(await onlyForRoot(engine, join(home, "own"), 0)).toBeUndefined();
  chmodSync(home, 0o755);
  expect(await onlyForRoot(engine, prefix, 0)).toBeUndefined();
});
