import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { HostKind } from "../conformance/host-under-test.ts";
import { startApisixFake } from "./apisix-fake/start.ts";

/** The APISIX target in a FAKE APISIX on the nginx of this machine. */
export const apisixFakeHost: HostKind = {
  name: "APISIX fake",
  gaps: {
    "a try that may be followed by another one is given up after its own time":
      "the times of an APISIX route hold for every try",
  },
  start: async (config, { files = {}, workers }) => {
    const fake = await startApisixFake(config, { files, workers });
    // APISIX has no endpoint for all plugins: each has its own.
    const names = readdirSync(join(fake.bundle, "apisix/plugins")).map((file) => file.replace(/\.lua$/, ""));
    const each = (page: string) => Promise.all(names.map((name) => fake.control(`/v1/plugin/${name}/${page}`)));
    return {
      url: fake.url,
      status: async () => {
        const shown = await each("status");
        return Object.assign({}, ...shown.map(({ body }) => JSON.parse(body) as object)) as Record<string, unknown>;
      },
      metrics: async () => (await each("metrics")).map(({ body }) => body).join(""),
      put: (path, body) => {
        const plugin = path.startsWith("/limits/") ? "adaptive-rate-limit" : "circuit-breaker";
        return fake.control(`/v1/plugin/${plugin}${path}`, { method: "PUT", body: JSON.stringify(body) });
      },
      push: (next) => fake.push(next),
      log: () => fake.logs(),
      stop: () => fake.stop(),
    };
  },
};
