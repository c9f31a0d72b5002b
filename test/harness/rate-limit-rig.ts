import { onTestFinished } from "vitest";
import { startBackend } from "./backend.ts";
import { gatewayForTest, type Gateway } from "./gateway.ts";
import { sendMany, statuses } from "./http-request.ts";

/** A gateway whose only route is limited; `url` is that route's. */
export interface LimitedGateway extends Omit<Gateway, "url"> {
  readonly url: string;
}

/**
 * Gateways that share one limit in Redis.
 * @param settings of adaptive-rate-limit @param redis more of `store.redis`
 */
export async function limitedGateways(
  count: number,
  url: string,
  settings: Readonly<Record<string, unknown>>,
  redis: Readonly<Record<string, unknown>> = {},
  workers = 2,
): Promise<readonly LimitedGateway[]> {
  const backend = await startBackend();
  onTestFinished(() => backend.stop());
  // A test's machine may be busy: only where a test is about it does Redis get little time.
  const store = { redis: { url, timeout_seconds: 5, ...redis } };
  const plugins = { "adaptive-rate-limit": { ...settings, store } };
  const config = {
    upstreams: { one: { targets: [backend.target], retries: { attempts: 0 } } },
    routes: [{ name: "limited", path: "/limited", upstream: "one", plugins }],
  };
  const gateways = await Promise.all(Array.from({ length: count }, () => gatewayForTest(config, { workers })));
  return gateways.map((gateway) => Object.assign(Object.create(gateway) as Gateway, { url: `${gateway.url}/limited` }));
}

/** So many requests to each of them, a few at once. */
export async function statusesOver(
  gateways: readonly LimitedGateway[],
  each: number,
  atOnce = 5,
): Promise<Readonly<Record<number, number>>> {
  const answers: Awaited<ReturnType<typeof sendMany>> = [];
  await Promise.all(
    gateways.map(async ({ url }) => {
      for (let left = each; left > 0; left -= atOnce) answers.push(...(await sendMany(Math.min(left, atOnce), url)));
    }),
  );
  return statuses(answers);
}
