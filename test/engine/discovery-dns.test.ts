import { expect, onTestFinished, test } from "vitest";
import { backendProcess, backendProcesses, type BackendProcess } from "../harness/backend-process.ts";
import { dnsServerForTest, startDnsServer, type DnsConduct, type DnsServer } from "../harness/dns-server.ts";
import { freePort } from "../harness/free-port.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { isWell, untilUnused, untilUsed, upstreamRig, type UpstreamRig } from "../harness/upstream-rig.ts";

const NAME = "users.test";

const a = (address: string): { type: "A"; ttl: number; address: string } => ({ type: "A", ttl: 1, address });

/** Peers on one port of several addresses of this machine. */
async function onAddresses(...addresses: readonly string[]): Promise<BackendProcess[]> {
  const port = await freePort();
  return Promise.all(addresses.map((address) => backendProcess(address, port)));
}

function following(dns: DnsServer, more: object, backends: readonly BackendProcess[]): Promise<UpstreamRig> {
  const discovery = {
    dns: { name: NAME, servers: [dns.address], min_ttl_seconds: 0.2, timeout_seconds: 0.5, ...more },
  };
  return upstreamRig({ backends, upstream: { discovery } });
}

describeWithEngine("peers from DNS", () => {
  test("addresses come and go as their time to live ends, and no request is lost", async () => {
    const backends = await onAddresses("127.0.0.2", "127.0.0.3", "127.0.0.4");
    const [one, two, three] = backends;
    const dns = await dnsServerForTest({ [NAME]: [a("127.0.0.2"), a("127.0.0.3")] });
    const rig = await following(dns, { type: "a", port: one!.port }, backends);
    await rig.everyWorker("knows them", isWell);
    const load = rig.load();
    await Promise.all([untilUsed(load, one!), untilUsed(load, two!)]);
    dns.zone.set(NAME, [a("127.0.0.3"), a("127.0.0.4")]);
    await untilUsed(load, three!);
    await untilUnused(load, one!);
    expect((await load.stop()).errors).toEqual([]);
    expect(load.all.statuses).toEqual({ 200: load.all.answered });
    // One worker asks for all four.
    expect(new Set(dns.asked.map(({ type }) => type))).toEqual(new Set(["A"]));
  });

  test.each<[string, DnsConduct | "stopped"]>([
    ["NXDOMAIN", "NXDOMAIN"],
    ["SERVFAIL", "SERVFAIL"],
    ["no answer", "silence"],
    ["garbage", "garbage"],
    ["another question's answer", "wrong-question"],
    ["no address", []],
    ["a server that is gone", "stopped"],
  ])("%s costs no request: the set is kept, the outage told, and a better answer followed", async (_name, conduct) => {
    const backends = await onAddresses("127.0.0.2", "127.0.0.3");
    const [one, two] = backends;
    const dns = await startDnsServer({ [NAME]: [a("127.0.0.2")] });
    onTestFinished(() => {
      if (conduct !== "stopped") dns.stop();
    });
    const rig = await following(dns, { type: "a", port: one!.port }, backends);
    await rig.everyWorker("knows it", isWell);
    const load = rig.load();
    if (conduct === "stopped") dns.stop();
    else dns.zone.set(NAME, conduct);
    await rig.until("the outage is shown", ({ sources }) => JSON.stringify(sources).includes("problem"));
    load.window();
    await load.more(200);
    expect(load.window().peers).toEqual({ [one!.target]: expect.any(Number) as number });
    expect((await rig.shown()).peers_total).toBe(1);
    const told = (await rig.decisions()).filter(({ subject }) => subject.startsWith("source:one/"));
    expect(told.map(({ to }) => to)).toContain("failing");
    if (conduct !== "stopped") {
      dns.zone.set(NAME, [a("127.0.0.3")]);
      await untilUsed(load, two!);
      await rig.until("all is well", ({ sources }) => !JSON.stringify(sources).includes("problem"));
    }
    expect((await load.stop()).errors).toEqual([]);
    expect(load.all.statuses).toEqual({ 200: load.all.answered });
  });

  test("IPv6 beside IPv4", async () => {
    const backends = await onAddresses("127.0.0.2", "::1");
    const [four, six] = backends;
    const dns = await dnsServerForTest({ [NAME]: [a("127.0.0.2"), { type: "AAAA", ttl: 1, address: "::1" }] });
    const rig = await following(dns, { port: four!.port }, backends);
    await rig.everyWorker("knows them", isWell);
    const load = rig.load();
    await Promise.all([untilUsed(load, four!), untilUsed(load, six!)]);
    expect(Object.keys((await rig.shown()).peers).sort()).toEqual([four!.target, six!.target].sort());
    expect((await load.stop()).statuses).toEqual({ 200: load.all.answered });
  });

  test("SRV records bring ports, weights and priorities", async () => {
    const backends = await backendProcesses(3);
    const srv = ({ port }: BackendProcess, weight: number, priority: number) =>
      ({ type: "SRV", ttl: 1, port, weight, priority, target: "here.test" }) as const;
    const [heavy, light, spare] = backends;
    const zone = {
      [NAME]: [srv(heavy!, 30, 10), srv(light!, 10, 10), srv(spare!, 10, 20)],
      "here.test": [a("127.0.0.1")],
    };
    const dns = await dnsServerForTest(zone);
    const rig = await following(dns, { type: "srv" }, backends);
    await rig.everyWorker("knows them", isWell);
    const before = backends.map((backend) => backend.requests());
    const load = rig.load({ requests: 400 });
    await load.done();
    const shares = backends.map((backend, index) => backend.requests() - (before[index] ?? 0));
    expect(shares[2]).toBe(0);
    expect(Math.abs((shares[0] ?? 0) - 300)).toBeLessThan(20);
    // With the first priority gone from the zone the second has all.
    dns.zone.set(NAME, [srv(spare!, 10, 20)]);
    const later = rig.load();
    await untilUsed(later, spare!);
    await untilUnused(later, heavy!);
    expect((await later.stop()).statuses).toEqual({ 200: later.all.answered });
  });
});
