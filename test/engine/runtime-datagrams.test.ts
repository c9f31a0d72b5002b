import { expect, onTestFinished, test } from "vitest";
import { customPlugin } from "../harness/custom-plugin.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { listenUdp, nameServerFor, type UdpListener } from "../harness/udp-listener.ts";

/** Sends two datagrams to `at` ten times a second. */
const SENDER = `import type { Create } from "autoscale-lua";

interface Config { readonly at?: string }

export const create: Create<Config> = (config, host) => {
  const address = config.at ?? "";
  host.shared(address, (worker) => {
    const datagrams = worker.datagrams(address);
    let run = 0;
    worker.timer.every(0.1, () => {
      run += 1;
      const sent = datagrams.send(string.format("%d first", run)) && datagrams.send(string.format("%d second", run));
      if (run === 3) worker.log.notice(address + " sent " + tostring(sent));
    });
    return datagrams;
  });
  return { access() { return undefined; } };
};
`;

async function listening(start: Promise<UdpListener>): Promise<UdpListener> {
  const listener = await start;
  onTestFinished(() => {
    listener.stop();
  });
  return listener;
}

describeWithEngine("datagrams", () => {
  test("reach IPv4, IPv6, localhost and names that are looked up; one socket for each run of a timer", async () => {
    const [v4, v6, local, named] = [
      await listening(listenUdp()),
      await listening(listenUdp("::1")),
      await listening(listenUdp()),
      await listening(listenUdp()),
    ];
    const names = await listening(nameServerFor("statsd.test"));
    const addresses = {
      v4: `127.0.0.1:${String(v4.port)}`,
      v6: `[::1]:${String(v6.port)}`,
      local: `localhost:${String(local.port)}`,
      named: `statsd.test:${String(named.port)}`,
      nowhere: "nowhere.test:9",
    };
    const gateway = await gatewayForTest(
      {
        custom_plugins: ["plugins"],
        resolver: [`127.0.0.1:${String(names.port)}`],
        upstreams: { one: { targets: ["127.0.0.1:9"] } },
        routes: Object.entries(addresses).map(([name, at]) => ({
          name,
          path: `/${name}`,
          upstream: "one",
          plugins: { sender: { at } },
        })),
      },
      { files: customPlugin("sender", ["access"], SENDER), workers: 1 },
    );
    for (const { received } of [v4, v6, local, named]) {
      await eventually("five runs have sent", () => received.some(({ text }) => text.startsWith("5 ")));
      const of = (run: number) => received.filter(({ text }) => text.startsWith(`${String(run)} `));
      expect(of(3).map(({ text }) => text)).toEqual(["3 first", "3 second"]);
      expect(new Set(of(3).map(({ from }) => from)).size).toBe(1);
    }
    expect(names.received.map(({ text }) => text)).toContain("statsd.test");
    const log = await eventually("the one that goes nowhere has tried", async () => {
      const text = await gateway.errorLog();
      return text.includes("nowhere.test:9 sent false") && text;
    });
    expect(log).toContain(`${addresses.named} sent true`);
    expect(log.match(/nothing can be sent to/g)).toHaveLength(1);
    expect(log).toMatch(/\[warn\].*nothing can be sent to nowhere\.test:9 by UDP: nowhere\.test could not be resolved/);
  });
});
