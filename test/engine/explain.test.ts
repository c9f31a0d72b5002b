import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findEngine } from "../../cli/engine/find.ts";
import { startEngine } from "../../cli/engine/start.ts";
import { freePort } from "../harness/free-port.ts";
import { runExplain } from "../harness/run-explain.ts";
import { CALLS_AT, MODULE, THROWS_AT, throwingBundle } from "../harness/throwing-bundle.ts";
import { writeTinyConf } from "../harness/tiny-bundle.ts";

test("nginx's error log names the lines of TypeScript", async () => {
  const engine = await findEngine("auto");
  if (engine === undefined) throw new Error("the engine lane needs OpenResty or nginx with the Lua module");
  const bundle = await throwingBundle();
  const port = await freePort();
  for (const folder of ["conf", "logs", "temp"]) mkdirSync(join(bundle, folder));
  await writeTinyConf(
    bundle,
    port,
    `package.path = "${bundle}/lua/?.lua;" .. package.path require("${MODULE}").create({}, {}).log()`,
  );
  const running = await startEngine(engine, bundle);
  expect((await fetch(`http://127.0.0.1:${String(port)}/`)).status).toBe(500);
  await running.stop({ graceSeconds: 5 });

  const explained = await runExplain(bundle, readFileSync(join(bundle, "logs", "error.log"), "utf8"));
  const failure = explained.split("\n").find((line) => line.includes("too slow"));
  expect(failure).toContain(THROWS_AT);
  expect(explained).toContain(CALLS_AT);
});
