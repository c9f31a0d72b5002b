import { describe, expect, it } from "vitest";
import { play } from "../../../test/harness/discovery-rig.ts";
import type { FileConfig } from "../config.ts";
import { fileSource } from "./file-source.ts";

const CONFIG: FileConfig = { path: "/etc/peers.json", interval_seconds: 5, weight: 1, priority: 0, allow_empty: false };
const ONE = { host: "10.0.0.1", port: 80, weight: 1, priority: 0 };
const TWO = { host: "10.0.0.2", port: 80, weight: 1, priority: 0 };

const reading = (...texts: readonly (string | undefined)[]) =>
  play((ports) => fileSource(CONFIG, ports), { files: { "/etc/peers.json": texts }, waits: texts.length, random: 0.5 });

describe("a file", () => {
  it("is read each interval, and tells its peers each time", () => {
    const { reports, waits } = reading('["10.0.0.1:80"]', '["10.0.0.1:80"]', '["10.0.0.2:80"]');
    expect(reports).toEqual([{ peers: [ONE] }, { peers: [ONE] }, { peers: [TWO] }]);
    expect(waits).toEqual([5.25, 5.25, 5.25]);
  });

  it("that is missing, broken or too large tells why, and is followed again once it is right", () => {
    const { reports, waits } = reading(undefined, "[", " ".repeat(4 * 1024 * 1024 + 1), '["10.0.0.1:80"]');
    expect(reports).toEqual([
      { problem: "it cannot be read" },
      { problem: "it is not JSON" },
      { problem: "it has more than 4 MiB" },
      { peers: [ONE] },
    ]);
    // Who mends it is waiting.
    expect(waits).toEqual([5.25, 5.25, 5.25, 5.25]);
  });

  it("that is gone and back with the same text tells its peers again", () => {
    const { reports } = reading('["10.0.0.1:80"]', undefined, '["10.0.0.1:80"]');
    expect(reports).toEqual([{ peers: [ONE] }, { problem: "it cannot be read" }, { peers: [ONE] }]);
  });

  it("tells its peers at once, before anybody has waited", () => {
    const files = { "/etc/peers.json": ['["10.0.0.1:80"]'] };
    let atOnce: unknown;
    const { reports } = play(
      (ports) => {
        const source = fileSource(CONFIG, ports);
        atOnce = source.atOnce?.();
        return source;
      },
      { files, waits: 1 },
    );
    expect([atOnce, reports]).toEqual([{ peers: [ONE] }, [{ peers: [ONE] }]]);
  });

  it("is named by its path", () => {
    expect(fileSource(CONFIG, {} as never).name).toBe("file /etc/peers.json");
  });

  it("is left alone once nobody asks any more", () => {
    const script = { files: { "/etc/peers.json": ['["10.0.0.1:80"]'] }, reports: 2 };
    const { reports, waits } = play((ports) => fileSource(CONFIG, ports), script);
    expect([reports.length, waits.length]).toEqual([2, 2]);
  });
});
