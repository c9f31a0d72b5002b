import { expect, test } from "vitest";
import { formatProblem } from "../errors.ts";
import { missingEngineProblem } from "./advice.ts";

test("a missing engine names what was looked for and one line to run", () => {
  const text = formatProblem(missingEngineProblem({ reasons: { nginx: 'no "nginx" on PATH' } }));
  expect(text).toContain('E_ENGINE_MISSING no engine to run the gateway (nginx: no "nginx" on PATH)');
  expect(text).toContain("apt-get install --no-install-recommends nginx-light libnginx-mod-http-lua lua-resty-core");
});
