import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { selfSigned } from "../harness/certificate.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { sendMany, statuses } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { limitedGateways } from "../harness/rate-limit-rig.ts";
import { describeWithRedis, startRedis, type RedisServer } from "../harness/redis.ts";
import { temporaryFolder } from "../harness/temporary-files.ts";

/** A Redis that also listens with TLS, with a certificate that nobody vouches for. */
async function redisWithTls(): Promise<{ redis: RedisServer; url: string }> {
  const folder = temporaryFolder();
  const { certificate, key } = selfSigned("redis");
  writeFileSync(join(folder, "redis.pem"), certificate);
  writeFileSync(join(folder, "redis.key"), key);
  const port = String(await freePort());
  const files = ["--tls-cert-file", join(folder, "redis.pem"), "--tls-key-file", join(folder, "redis.key")];
  const redis = await startRedis(["--tls-port", port, ...files, "--tls-auth-clients", "no"]);
  return { redis, url: `rediss://127.0.0.1:${port}` };
}

const SETTINGS = { algorithm: "fixed-window", window_seconds: 2_000_000, limit: 12, replicas: 2 };

describeWithEngine("limits in a Redis that is asked with TLS", () => {
  describeWithRedis("a real one", () => {
    test("gateways share them", async () => {
      const { redis, url } = await redisWithTls();
      const gateways = await limitedGateways(2, url, SETTINGS, { tls_verify: false });
      const answers = await Promise.all(gateways.map((gateway) => sendMany(20, gateway.url)));
      expect(statuses(answers.flat())).toEqual({ 200: 12, 429: 28 });
      expect(Number(await redis.command("DBSIZE"))).toBe(1);
    });

    test("a certificate that nobody vouches for is refused: the gateway gives its own share, and says why", async () => {
      const { redis, url } = await redisWithTls();
      const [gateway] = await limitedGateways(1, url, SETTINGS);
      expect(statuses(await sendMany(20, gateway!.url))).toEqual({ 200: 6, 429: 14 });
      expect(Number(await redis.command("DBSIZE"))).toBe(0);
      await eventually("it is told", async () => /certificate/.test(await gateway!.errorLog()));
      expect(await gateway!.metrics()).toMatch(/gateway_rate_limit_redis_up\{[^}]*\} 0/);
    });
  });
});
