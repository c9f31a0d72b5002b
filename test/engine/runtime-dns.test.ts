import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { dnsServerForTest } from "../harness/dns-server.ts";
import type { ZoneRecord } from "../harness/dns-wire.ts";
import { freePort } from "../harness/free-port.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { pretendResolvConf } from "../harness/resolv-conf.ts";
import { startWorkerLab, type WorkerLab } from "../harness/worker-lab.ts";

const ask = async ({ run }: WorkerLab, name: string, type: string, servers: readonly string[], seconds = 10) => {
  const args = [name, type, servers, seconds].map(luaLiteral).join(",");
  const answer = (await run(`return worker.dns.query(${args})`)) as { records: object; problem?: string };
  // An empty list in Lua is an empty table.
  const records = Array.isArray(answer.records) ? (answer.records as object[]) : [];
  return answer.problem === undefined ? { records } : { records, problem: answer.problem };
};

const a = (address: string, ttl = 60): ZoneRecord => ({ type: "A", ttl, address });
const nothing = { port: 0, priority: 0, weight: 0 };

describeWithEngine("names looked up by a worker", () => {
  test("have addresses, services and aliases, with their times to live", async () => {
    const lab = await startWorkerLab();
    const server = await dnsServerForTest({
      "users.test": [a("10.0.0.1", 30), a("10.0.0.2", 20), { type: "AAAA", ttl: 5, address: "2001:db8::1" }],
      "alias.test": [{ type: "CNAME", ttl: 3, target: "users.test" }],
      "_http._tcp.users.test": [
        { type: "SRV", ttl: 9, priority: 1, weight: 5, port: 8080, target: "one.users.test" },
        { type: "SRV", ttl: 9, priority: 2, weight: 65535, port: 8081, target: "Two.users.test" },
      ],
    });
    const by = (name: string, type: string) => ask(lab, name, type, [server.address]);
    const first = { type: "A", host: "10.0.0.1", ttlSeconds: 30, ...nothing };
    const second = { type: "A", host: "10.0.0.2", ttlSeconds: 20, ...nothing };
    expect(await by("Users.test.", "A")).toEqual({ records: [first, second] });
    expect(await by("users.test", "AAAA")).toEqual({
      records: [{ type: "AAAA", host: "2001:db8::1", ttlSeconds: 5, ...nothing }],
    });
    expect(await by("alias.test", "A")).toEqual({
      records: [
        { ...first, ttlSeconds: 3 },
        { ...second, ttlSeconds: 3 },
      ],
    });
    expect(await by("_http._tcp.users.test", "SRV")).toEqual({
      records: [
        { type: "SRV", host: "one.users.test", ttlSeconds: 9, port: 8080, priority: 1, weight: 5 },
        { type: "SRV", host: "two.users.test", ttlSeconds: 9, port: 8081, priority: 2, weight: 65535 },
      ],
    });
    expect(await by("users.test", "SRV")).toEqual({ records: [] });
    expect(server.asked.map(({ by: way }) => way)).toEqual(["udp", "udp", "udp", "udp", "udp"]);
    expect(new Set(server.asked.map(({ id }) => id)).size).toBeGreaterThan(1);
  });

  test("are asked for by TCP when there are too many for a datagram", async () => {
    const lab = await startWorkerLab();
    const many = Array.from({ length: 2000 }, (_, index) => a(`10.0.${String(index >> 8)}.${String(index & 255)}`));
    const server = await dnsServerForTest({ "many.test": many });
    const { records, problem } = await ask(lab, "many.test", "A", [server.address]);
    expect(problem).toBeUndefined();
    expect(records).toHaveLength(2000);
    expect(records[1999]).toMatchObject({ host: "10.0.7.207" });
    expect(server.asked.map(({ by }) => by)).toEqual(["udp", "tcp"]);
  });

  test("that are not there are an answer; that a server cannot tell is none", async () => {
    const lab = await startWorkerLab();
    const good = await dnsServerForTest({ "users.test": [a("10.0.0.1")] });
    const bad = await dnsServerForTest({ "users.test": "SERVFAIL", "other.test": "REFUSED", "gone.test": "NXDOMAIN" });
    const both = [bad.address, good.address];
    expect(await ask(lab, "users.test", "A", both)).toMatchObject({ records: [{ host: "10.0.0.1" }] });
    expect(await ask(lab, "other.test", "A", [bad.address])).toEqual({ records: [], problem: "REFUSED" });
    expect(await ask(lab, "users.test", "A", [bad.address, bad.address])).toEqual({ records: [], problem: "SERVFAIL" });
    expect(await ask(lab, "other.test", "A", both)).toEqual({ records: [], problem: "NXDOMAIN" });
    good.asked.length = 0;
    expect(await ask(lab, "gone.test", "A", both)).toEqual({ records: [], problem: "NXDOMAIN" });
    expect(good.asked).toEqual([]);
  });

  test.each(["silence", "wrong-id", "wrong-question", "garbage"] as const)(
    "are asked of the next server after %s",
    async (conduct) => {
      const lab = await startWorkerLab();
      const odd = await dnsServerForTest({ "users.test": conduct });
      const good = await dnsServerForTest({ "users.test": [a("10.0.0.1")] });
      expect(await ask(lab, "users.test", "A", [odd.address], 0.4)).toEqual({ records: [], problem: "timeout" });
      // A datagram may be lost: it was asked twice.
      expect(odd.asked).toHaveLength(2);
      expect(await ask(lab, "users.test", "A", [odd.address, good.address], 0.4)).toMatchObject({
        records: [{ host: "10.0.0.1" }],
      });
    },
  );

  test("are asked of the next server where there is none", async () => {
    const lab = await startWorkerLab();
    const good = await dnsServerForTest({ "users.test": [a("10.0.0.1")] });
    const closed = `127.0.0.1:${String(await freePort())}`;
    expect(await ask(lab, "users.test", "A", [closed, good.address])).toMatchObject({
      records: [{ host: "10.0.0.1" }],
    });
    expect(await ask(lab, "users.test", "A", [closed])).toEqual({ records: [], problem: "connection refused" });
  });

  test("are found though a datagram is lost, and though forged ones come before the answer", async () => {
    const lab = await startWorkerLab();
    const server = await dnsServerForTest({ "users.test": [a("10.0.0.1")] });
    server.lose = 1;
    const found = { records: [{ type: "A", host: "10.0.0.1", ttlSeconds: 60, ...nothing }] };
    expect(await ask(lab, "users.test", "A", [server.address], 1)).toEqual(found);
    // Stands between the worker and the server, and sends what nobody asked for first.
    const between = createSocket("udp4");
    onTestFinished(() => void between.close());
    between.bind(0, "127.0.0.1");
    await once(between, "listening");
    between.on("message", (query, from) => {
      const forged = Buffer.from(query);
      forged.writeUInt16BE((query.readUInt16BE(0) + 1) & 0xffff, 0);
      forged.writeUInt16BE(0x8183, 2);
      between.send(forged, from.port);
      between.send(Buffer.from("what"), from.port);
      const onward = createSocket("udp4");
      onward.on("message", (answer) => {
        between.send(answer, from.port);
        onward.close();
      });
      onward.send(query, server.port, "127.0.0.1");
    });
    expect(await ask(lab, "users.test", "A", [`127.0.0.1:${String(between.address().port)}`])).toEqual(found);
  });

  test("that are addresses, or no names, are not asked for", async () => {
    const lab = await startWorkerLab();
    const server = await dnsServerForTest();
    const by = (name: string, type: string) => ask(lab, name, type, [server.address]);
    const own = { ttlSeconds: 86400, ...nothing };
    expect(await by("10.0.0.1", "A")).toEqual({ records: [{ type: "A", host: "10.0.0.1", ...own }] });
    expect(await by("2001:DB8::1", "AAAA")).toEqual({ records: [{ type: "AAAA", host: "2001:db8::1", ...own }] });
    expect(await by("10.0.0.1", "AAAA")).toEqual({ records: [] });
    expect(await by("::1", "A")).toEqual({ records: [] });
    expect(await by("::1", "SRV")).toEqual({ records: [], problem: "an address has no SRV records" });
    for (const name of ["", "a b", "a..b", "x".repeat(64)]) {
      expect(await by(name, "A")).toEqual({ records: [], problem: "not a name" });
    }
    expect(await ask(lab, "users.test", "A", ["10.0.0.1:x:y"])).toMatchObject({ records: [] });
    expect(await ask(lab, "users.test", "A", ["10.0.0.1:0"])).toEqual({
      records: [],
      problem: '"10.0.0.1:0" is no DNS server: write address or address:port',
    });
    expect(server.asked).toEqual([]);
  });

  test("are asked of the servers of resolv.conf, read each time", async () => {
    const lab = await startWorkerLab();
    const server = await dnsServerForTest({ "users.test": [a("10.0.0.1")] });
    await lab.run(pretendResolvConf("nameserver 10.9.9.9\nnameserver ::1\n", server.port));
    const answer = await lab.run(`
      local answer = worker.dns.query("users.test", "A", {}, 10)
      return { asked = kept.asked, records = answer.records }`);
    expect(answer).toEqual({
      asked: ["10.9.9.9 53"],
      records: [{ type: "A", host: "10.0.0.1", ttlSeconds: 60, ...nothing }],
    });
  });

  test("that are short are looked for in the domains of resolv.conf, and nowhere when servers were chosen", async () => {
    const lab = await startWorkerLab();
    const server = await dnsServerForTest({ "users.shop.test": [a("10.0.0.7")] });
    await lab.run(pretendResolvConf("nameserver 10.9.9.9\nsearch none.test shop.test\n", server.port));
    const found = { records: [{ type: "A", host: "10.0.0.7", ttlSeconds: 60, ...nothing }] };
    expect(await ask(lab, "users", "A", [])).toEqual(found);
    expect(await ask(lab, "users", "AAAA", [])).toEqual({ records: [] });
    expect(await ask(lab, "nobody", "A", [])).toEqual({ records: [], problem: "NXDOMAIN" });
    expect(await ask(lab, "users", "A", [server.address])).toEqual({ records: [], problem: "NXDOMAIN" });
  });
});
