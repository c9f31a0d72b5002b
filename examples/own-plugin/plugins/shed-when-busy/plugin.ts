import type { Create } from "autoscale-lua";

export const create: Create<{ above: number }> = (config, host) => {
  const busy = { kind: "reject", status: 503, headers: { "Retry-After": "1" }, body: "busy\n" } as const;
  return {
    access: () => (host.pressure.read() > config.above ? busy : undefined),
  };
};
