import { expect, test } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { sendMany, statuses } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { limitedGateways, statusesOver } from "../harness/rate-limit-rig.ts";
import { describeWithRedis, startRedis } from "../harness/redis.ts";

describeWithEngine("limits that gateways share", () => {
  describeWithRedis("in a real Redis", () => {
    test.each(["gcra", "sliding-window", "fixed-window"])(
      "%s: two gateways let through exactly the limit",
      async (algorithm) => {
        const redis = await startRedis();
        const burst = algorithm === "gcra" ? { burst: 40 } : {};
        // So long a window that none ends, and no cost comes back.
        const gateways = await limitedGateways(2, redis.url, {
          algorithm,
          limit: 40,
          window_seconds: 2_000_000,
          ...burst,
        });
        const answers = await Promise.all(gateways.map(({ url }) => sendMany(60, url)));
        expect(statuses(answers.flat())).toEqual({ 200: 40, 429: 80 });
        // Connections are used again: 80 requests, five at once, make five new ones at most in each of four workers.
        const before = await redis.clients();
        expect(before).toBeLessThanOrEqual(120);
        await statusesOver(gateways, 40);
        expect(await redis.clients()).toBeLessThanOrEqual(before + 20);
        const [gateway] = gateways;
        await eventually("the time it takes is told", async () => {
          const metrics = await gateway!.metrics();
          return /gateway_rate_limit_redis_seconds_count\{redis="127.0.0.1:\d+\/0"\} 100/.test(metrics);
        });
        const metrics = await gateway!.metrics();
        expect(metrics).toMatch(/gateway_rate_limit_redis_up\{redis="127.0.0.1:\d+\/0"\} 1/);
        expect(metrics).not.toContain("gateway_rate_limit_redis_errors_total{");
        expect(Number(await redis.command("DBSIZE"))).toBe(1);
      },
    );

    test("a request that a later policy refuses takes nothing of an earlier one", async () => {
      const redis = await startRedis();
      const policy = { algorithm: "fixed-window", window_seconds: 2_000_000, key: ["constant"] };
      const also = [{ name: "narrow", ...policy, limit: 3 }];
      const [gateway] = await limitedGateways(1, redis.url, { ...policy, limit: 50, also });
      expect(statuses(await sendMany(20, gateway!.url))).toEqual({ 200: 3, 429: 17 });
      const keys = (await redis.command("KEYS", "autoscale:*")) as string[];
      const counts = await Promise.all(keys.map(async (key) => String(await redis.command("GET", key)).split(" ")[1]));
      expect(counts).toEqual(["3", "3"]);
    });

    test("in shadow mode Redis counts, and nobody is refused", async () => {
      const redis = await startRedis();
      const settings = { algorithm: "fixed-window", window_seconds: 2_000_000, limit: 5, mode: "shadow" };
      const [gateway] = await limitedGateways(1, redis.url, settings);
      expect(statuses(await sendMany(12, gateway!.url))).toEqual({ 200: 12 });
      await eventually("what it would have refused is counted", async () =>
        /requests_total\{[^}]*would_refuse[^}]*\} 7/.test(await gateway!.metrics()),
      );
    });

    test("leases: most requests ask nobody, and no more than the limit is let through", async () => {
      const redis = await startRedis();
      const settings = { algorithm: "fixed-window", window_seconds: 2_000_000, limit: 400, replicas: 2 };
      const gateways = await limitedGateways(2, redis.url, settings, { mode: "batch" });
      const all = await statusesOver(gateways, 300);
      const admitted = all[200] ?? 0;
      // A lease is 10 at most, and so much may lapse unused on each of the gateways.
      expect(admitted).toBeLessThanOrEqual(400);
      expect(admitted).toBeGreaterThanOrEqual(380);
      const told = String(await redis.command("INFO", "commandstats"));
      const asked = Number(/cmdstat_evalsha:calls=(\d+)/.exec(told)?.[1]) || 0;
      expect(asked).toBeLessThan(300);
    });

    test("what only Redis' owner may know is in no log and no status", async () => {
      const redis = await startRedis(["--requirepass", "right"], "right");
      const url = redis.url.replace("redis://", "redis://:hush%21hush@");
      const [gateway] = await limitedGateways(1, url, { limit: 1000 }, { retry_seconds: 0.1 });
      expect(statuses(await sendMany(20, gateway!.url))).toEqual({ 200: 20 });
      const log = await eventually("the log says what is wrong", async () => {
        const text = await gateway!.errorLog();
        return text.includes("AUTH was refused: WRONGPASS") && text;
      });
      expect(log).toContain("check the user and the password in store.redis.url");
      await eventually("it was tried again", async () =>
        /errors_total\{redis="[^"]+",reason="login"\} ([2-9]|\d\d)/.test(await gateway!.metrics()),
      );
      const lines = (await gateway!.errorLog()).split("\n");
      expect(lines.filter((line) => line.includes("cannot be used"))).toHaveLength(1);
      for (const text of [lines.join("\n"), JSON.stringify(await gateway!.status()), await gateway!.metrics()]) {
        expect(text).not.toContain("hush");
      }
    });
  });
});
