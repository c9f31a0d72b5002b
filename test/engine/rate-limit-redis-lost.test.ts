import { expect, test } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { sendMany, statuses } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { limitedGateways, type LimitedGateway } from "../harness/rate-limit-rig.ts";
import { describeWithRedis, type RedisServer, startRedis } from "../harness/redis.ts";

/** Four gateways' worth of limit, of which one that is alone gives a quarter; so long that no window ends. */
const LIMIT = { algorithm: "fixed-window", window_seconds: 2_000_000, limit: 40, replicas: 4 };
/**
 * Redis gets much time where it must answer, and is asked again soon. Numbers are exact with one worker: another one that was not
 * cut off goes on with a Redis that does not know what this one has let through.
 */
const PATIENT = { timeout_seconds: 2, retry_seconds: 0.1 };

async function admittedOf(gateway: LimitedGateway, count: number): Promise<number> {
  const all = statuses(await sendMany(count, gateway.url));
  // No request fails, whatever Redis does.
  expect((all[200] ?? 0) + (all[429] ?? 0)).toBe(count);
  return all[200] ?? 0;
}

const isUp = async (gateway: LimitedGateway, up: 0 | 1): Promise<boolean> =>
  new RegExp(`gateway_rate_limit_redis_up\\{[^}]*\\} ${String(up)}\\n`).test(await gateway.metrics());

const untilUp = (gateway: LimitedGateway): Promise<boolean> => eventually("Redis is back", () => isUp(gateway, 1));

/** How often it failed so; workers tell each second. */
const untilCounted = (gateway: LimitedGateway, reason: string): Promise<number> =>
  eventually(`${reason} is counted`, async () => {
    const found = new RegExp(`errors_total\\{[^}]*reason="${reason}"\\} (\\d+)`).exec(await gateway.metrics());
    return found === null ? undefined : Number(found[1]);
  });

async function changes(gateway: LimitedGateway): Promise<string[]> {
  const lines = (await gateway.errorLog()).split("\n").filter((line) => line.includes('"subject":"redis:'));
  return lines.map((line) => ["from", "to"].map((name) => new RegExp(`"${name}":"(\\w+)"`).exec(line)?.[1]).join(" "));
}

describeWithEngine("limits when Redis is lost", () => {
  describeWithRedis("in a real Redis", () => {
    test("killed under load: no request fails, the own share holds, and it is back without a burst", async () => {
      const redis = await startRedis();
      const [gateway] = await limitedGateways(1, redis.url, LIMIT, PATIENT, 1);
      expect(await admittedOf(gateway!, 20)).toBe(20);
      const load = admittedOf(gateway!, 100);
      await redis.kill();
      // Those before it died have taken of the 20 that were left, those after it of the gateway's own 10.
      expect(await load).toBeLessThanOrEqual(20 + 10);
      await admittedOf(gateway!, 30);
      expect(await admittedOf(gateway!, 30)).toBe(0);
      expect(await isUp(gateway!, 0)).toBe(true);
      // It has forgotten everything: 40 more would be a burst.
      await redis.start();
      await untilUp(gateway!);
      expect(await admittedOf(gateway!, 60)).toBe(0);
      expect(await changes(gateway!)).toEqual(["up lost", "lost up"]);
      await untilCounted(gateway!, "unreachable");
    });

    test("hanging: one timeout, and then no request waits for it", async () => {
      const redis = await startRedis();
      const settings = { timeout_seconds: 0.2, retry_seconds: 0.5 };
      const [gateway] = await limitedGateways(1, redis.url, LIMIT, settings);
      await admittedOf(gateway!, 10);
      await redis.hang();
      await eventually("every worker knows", async () => {
        await sendMany(10, gateway!.url);
        return isUp(gateway!, 0);
      });
      expect(await admittedOf(gateway!, 200)).toBe(0);
      // Ten requests at once in each worker, and its looks; not one for each of 200 requests.
      expect(await untilCounted(gateway!, "timeout")).toBeLessThan(100);
      redis.goOn();
      await untilUp(gateway!);
    });

    test("restarted between two requests: its loss is noticed by the first that meets it", async () => {
      const redis = await startRedis();
      const [gateway] = await limitedGateways(1, redis.url, LIMIT, PATIENT, 1);
      expect(await admittedOf(gateway!, 60)).toBe(40);
      await redis.kill();
      await redis.start();
      // Of the 40 that it would give again only the gateway's own share.
      expect(await admittedOf(gateway!, 60)).toBeLessThanOrEqual(10);
      expect((await changes(gateway!))[0]).toBe("up up");
    });

    test.each<[string, (redis: RedisServer) => Promise<unknown>, (redis: RedisServer) => Promise<unknown>, string]>([
      [
        "full",
        (redis) => redis.command("CONFIG", "SET", "maxmemory", "1"),
        (redis) => redis.command("CONFIG", "SET", "maxmemory", "0"),
        "memory",
      ],
      [
        "a replica",
        (redis) => redis.command("REPLICAOF", "127.0.0.1", "1"),
        (redis) => redis.command("REPLICAOF", "NO", "ONE"),
        "readonly",
      ],
    ])("%s: the own share holds until it is not any more", async (_name, spoil, mend, reason) => {
      const redis = await startRedis();
      const [gateway] = await limitedGateways(1, redis.url, LIMIT, PATIENT, 1);
      expect(await admittedOf(gateway!, 20)).toBe(20);
      await spoil(redis);
      expect(await admittedOf(gateway!, 60)).toBe(10);
      expect(await isUp(gateway!, 0)).toBe(true);
      await untilCounted(gateway!, reason);
      await mend(redis);
      await untilUp(gateway!);
      expect(await admittedOf(gateway!, 60)).toBe(0);
    });
  });
});
