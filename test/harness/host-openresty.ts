import type { HostKind } from "../conformance/host-under-test.ts";
import { startGateway } from "./gateway.ts";

/** The OpenResty target on the nginx of this machine. */
export const openrestyHost: HostKind = {
  name: "OpenResty",
  gaps: {
    "a client that the host knows is named": "OpenResty has no consumers",
    "a consumer that the host knows has its own limit, and its tier's": "OpenResty has no consumers",
  },
  start: async (config, { files = {}, workers }) => {
    const gateway = await startGateway(config, { files, workers });
    return {
      url: gateway.url,
      status: () => gateway.status(),
      metrics: () => gateway.metrics(),
      put: (path, body) => gateway.put(path, body),
      push: async (next) => {
        const result = await gateway.reload(next);
        if (!result.ok) throw new Error(result.output);
      },
      log: () => gateway.errorLog(),
      stop: () => gateway.stop(),
    };
  },
};
