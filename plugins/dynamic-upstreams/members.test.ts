import { describe, expect, it } from "vitest";
import { type FakeNode, fakeNode, fakeWorker } from "../../test/harness/fake-host.ts";
import type { WorkerHost } from "../_kit/handlers.ts";
import type { Config, SourcesConfig } from "./config.ts";
import { createMembers, type Members } from "./members.ts";

const SOURCE = { weight: 1, priority: 0, allow_empty: false };
const FILE = { ...SOURCE, path: "/peers.json", interval_seconds: 5 };
const CONFIG: Config = {
  targets: [{ host: "10.0.0.1", port: 80, weight: 1, priority: 0 }],
  discovery: { file: FILE, also: [] },
  balance: {} as Config["balance"],
  health: {},
  retries: {} as Config["retries"],
};

/** A node whose disk is `disk`. */
function nodeWith(disk: Map<string, string>): FakeNode {
  const node = fakeNode();
  node.files = {
    read: (path) => disk.get(path),
    writeWhole: (path, text) => {
      disk.set(path, text);
      return undefined;
    },
    stateFolder: () => "/state",
  };
  return node;
}

function workerOf(node: FakeNode): WorkerHost {
  return fakeWorker(node).host.shared("worker", (worker) => worker);
}

function membersOf(node: FakeNode, more: Partial<Config> = {}): Members {
  const worker = workerOf(node);
  return createMembers("users", { ...CONFIG, ...more }, worker, worker.store("autoscale_upstreams"));
}

/** One look of every source that was started. */
function look(node: FakeNode): void {
  for (const task of node.tasks.splice(0)) task();
}

/** The keeper's sources look once, and it tells the others. */
function round(node: FakeNode, keeper: Members): void {
  keeper.lead(
    () => true,
    () => undefined,
  );
  look(node);
  keeper.follow();
  keeper.keep(node.now);
}

const hosts = (members: Members): string[] => members.entries().map(({ host }) => host);
const list = (...targets: string[]): string => JSON.stringify(targets);

describe("the members of an upstream", () => {
  it("are there from the start where nobody has to be waited for", () => {
    const node = nodeWith(new Map([["/peers.json", list("10.0.0.2:80")]]));
    expect(hosts(membersOf(node))).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(node.tasks).toHaveLength(0);
  });

  it("are found by the keeper and followed by the others", () => {
    const disk = new Map<string, string>();
    const node = nodeWith(disk);
    const [keeper, other] = [membersOf(node), membersOf(node)];
    expect([hosts(keeper), hosts(other)]).toEqual([["10.0.0.1"], ["10.0.0.1"]]);
    disk.set("/peers.json", list("10.0.0.2:80", "10.0.0.3:80"));
    keeper.lead(
      () => true,
      () => undefined,
    );
    look(node);
    expect([keeper.follow(), keeper.follow()]).toEqual([true, false]);
    expect([other.follow(), other.follow()]).toEqual([true, false]);
    expect([hosts(keeper), hosts(other)]).toEqual([
      ["10.0.0.1", "10.0.0.2", "10.0.0.3"],
      ["10.0.0.1", "10.0.0.2", "10.0.0.3"],
    ]);
    expect(node.events).toMatchObject([
      {
        subject: "upstream:users",
        from: "1 peer",
        to: "3 peers",
        reason: "file /peers.json: 2 came (10.0.0.2:80, 10.0.0.3:80)",
        inputs: { peers: 3, added: 2, removed: 0, changed: 0 },
      },
    ]);
  });

  it("that one source gives and another takes are no change, and nothing is told", () => {
    const disk = new Map([
      ["/peers.json", list("10.0.0.2:80")],
      ["/far.json", list("10.0.0.2:80", "10.0.0.3:80")],
    ]);
    const node = nodeWith(disk);
    const keeper = membersOf(node, { discovery: { file: FILE, also: [{ file: { ...FILE, path: "/far.json" } }] } });
    round(node, keeper);
    const before = node.events.length;
    disk.set("/peers.json", list("10.0.0.3:80", "10.0.0.2:80"));
    round(node, keeper);
    expect(node.events.slice(before)).toEqual([]);
    disk.set("/peers.json", list("10.0.0.4:80", "10.0.0.2:80"));
    round(node, keeper);
    expect(node.events.slice(before)).toMatchObject([
      { from: "3 peers", to: "4 peers", reason: "file /peers.json: 1 came (10.0.0.4:80)" },
    ]);
  });

  it("are kept while the source is out, or says that there are none; both are told once", () => {
    const disk = new Map([["/peers.json", list("10.0.0.2:80")]]);
    const node = nodeWith(disk);
    const keeper = membersOf(node);
    round(node, keeper);
    for (const text of [undefined, "garbage", "[]"]) {
      if (text === undefined) disk.delete("/peers.json");
      else disk.set("/peers.json", text);
      round(node, keeper);
      round(node, keeper);
      expect(hosts(keeper)).toEqual(["10.0.0.1", "10.0.0.2"]);
      expect(keeper.sources()).toMatchObject([{ state: "failing", count: 1 }]);
    }
    disk.set("/peers.json", list("10.0.0.9:80"));
    round(node, keeper);
    expect(hosts(keeper)).toEqual(["10.0.0.1", "10.0.0.9"]);
    const ofSource = node.events.filter(({ subject }) => subject.startsWith("source:"));
    expect(ofSource.map(({ from, to }) => [from, to])).toEqual([
      ["ok", "failing"],
      ["failing", "ok"],
    ]);
    expect(ofSource[0]?.reason).toMatch(/; 1 peer of before is kept$/);
  });

  it("may become none where that is allowed", () => {
    const disk = new Map([["/peers.json", list("10.0.0.2:80")]]);
    const node = nodeWith(disk);
    const keeper = membersOf(node, { discovery: { file: { ...FILE, allow_empty: true }, also: [] } });
    round(node, keeper);
    disk.set("/peers.json", "[]");
    round(node, keeper);
    expect(hosts(keeper)).toEqual(["10.0.0.1"]);
  });

  it("outlive a reload in shared memory and a restart on the disk, with the source gone", () => {
    const disk = new Map([["/peers.json", list("10.0.0.2:80")]]);
    const node = nodeWith(disk);
    round(node, membersOf(node));
    disk.delete("/peers.json");
    expect(hosts(membersOf(node))).toEqual(["10.0.0.1", "10.0.0.2"]);
    const restarted = nodeWith(disk);
    const keeper = membersOf(restarted);
    expect(hosts(keeper)).toEqual(["10.0.0.1", "10.0.0.2"]);
    round(restarted, keeper);
    expect(hosts(keeper)).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(keeper.sources()).toMatchObject([{ state: "failing", count: 1 }]);
  });

  it("come from another worker when the keeper is another, and nothing is lost on the way", () => {
    const disk = new Map([["/peers.json", list("10.0.0.2:80")]]);
    const node = nodeWith(disk);
    const [first, second] = [membersOf(node), membersOf(node)];
    let firstLeads = true;
    first.lead(
      () => firstLeads,
      () => undefined,
    );
    look(node);
    first.follow();
    firstLeads = false;
    disk.set("/peers.json", list("10.0.0.4:80"));
    second.lead(
      () => true,
      () => undefined,
    );
    expect(hosts(second)).toEqual(["10.0.0.1", "10.0.0.2"]);
    look(node);
    expect([second.follow(), first.follow()]).toEqual([true, true]);
    expect([hosts(first), hosts(second)]).toEqual([
      ["10.0.0.1", "10.0.0.4"],
      ["10.0.0.1", "10.0.0.4"],
    ]);
  });

  it("of several sources are all there, each with its factor, zone and priority", () => {
    const disk = new Map([
      ["/peers.json", list("10.0.0.2:80")],
      ["/far.json", list("10.1.0.2:80", "10.0.0.2:80")],
    ]);
    const node = nodeWith(disk);
    const far: SourcesConfig = { file: { ...FILE, path: "/far.json", weight: 0.5, zone: "far", priority: 1 } };
    const keeper = membersOf(node, { discovery: { file: FILE, also: [far] } });
    round(node, keeper);
    expect(keeper.entries()).toMatchObject([
      { host: "10.0.0.1", weight: 1, priority: 0 },
      { host: "10.0.0.2", weight: 1, priority: 0 },
      { host: "10.1.0.2", weight: 0.5, priority: 1, zone: "far" },
    ]);
    disk.delete("/far.json");
    round(node, keeper);
    expect(hosts(keeper)).toEqual(["10.0.0.1", "10.0.0.2", "10.1.0.2"]);
  });

  it("a disk that takes nothing is told of once", () => {
    const disk = new Map([["/peers.json", list("10.0.0.2:80")]]);
    const node = nodeWith(disk);
    node.files = { ...node.files, writeWhole: () => "permission denied" };
    const keeper = membersOf(node);
    round(node, keeper);
    node.now += 60;
    round(node, keeper);
    expect(node.problems).toHaveLength(1);
    expect(node.problems[0]).toContain("permission denied");
  });

  it("without a source cost nothing", () => {
    const node = nodeWith(new Map());
    const members = membersOf(node, { discovery: { also: [] } });
    const before = node.store.operations;
    members.lead(
      () => true,
      () => undefined,
    );
    members.follow();
    members.keep(node.now);
    expect([node.store.operations - before, node.tasks.length, hosts(members)]).toEqual([0, 0, ["10.0.0.1"]]);
  });
});
