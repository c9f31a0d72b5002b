import type { HostKind } from "../conformance/host-under-test.ts";
import { send } from "./http-request.ts";
import { startKongFake } from "./kong-fake.ts";

/** The Kong target in a FAKE Kong on the nginx of this machine. */
export const kongFakeHost: HostKind = {
  name: "Kong fake",
  gaps: {},
  start: async (config, { files = {}, workers }) => {
    const fake = await startKongFake(config, { files, workers });
    return {
      url: fake.url,
      status: async () =>
        JSON.parse((await send(`${fake.statusUrl}/autoscale/status`)).body) as Record<string, unknown>,
      metrics: async () => (await send(`${fake.statusUrl}/autoscale/metrics`)).body,
      put: (path, body) => fake.put(`/autoscale${path}`, body),
      push: (next) => fake.push(next),
      log: () => fake.errorLog(),
      stop: () => fake.stop(),
    };
  },
};
