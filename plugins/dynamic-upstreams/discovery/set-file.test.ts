import { describe, expect, it } from "vitest";
import type { Files } from "../../_kit/ports.ts";
import { createSetFile } from "./set-file.ts";

interface Disk extends Files {
  readonly written: (readonly [string, string])[];
  problem: string | undefined;
}

function disk(folder: string | undefined = "/state", text?: string): Disk {
  const made: Disk = {
    written: [],
    problem: undefined,
    read: () => text,
    writeWhole: (path, written) => {
      if (made.problem === undefined) made.written.push([path, written]);
      return made.problem;
    },
    stateFolder: () => folder,
  };
  return made;
}

describe("the file of an upstream's sets", () => {
  it("is named by the upstream, whatever that is called", () => {
    const files = disk();
    createSetFile("users", files).keep("text", 100);
    createSetFile("../a b/..", files).keep("text", 100);
    expect(files.written.map(([path]) => path)).toEqual([
      "/state/upstream-users.json",
      "/state/upstream-..%2Fa%20b%2F...json",
    ]);
  });

  it("is written when the text is another, and once a second at most", () => {
    const files = disk();
    const file = createSetFile("users", files);
    for (const [text, now] of [
      ["a", 100],
      ["a", 101],
      ["b", 101.5],
      ["c", 102],
      ["c", 102.5],
      ["c", 103],
    ] as const) {
      expect(file.keep(text, now)).toBeUndefined();
    }
    expect(files.written.map(([, text]) => text)).toEqual(["a", "b", "c"]);
  });

  it("is not written with what was read from it", () => {
    const files = disk("/state", "before");
    const file = createSetFile("users", files);
    expect(file.read()).toBe("before");
    file.keep("before", 100);
    expect(files.written).toEqual([]);
  });

  it("that cannot be written is tried again after half a minute, and says why until then", () => {
    const files = disk();
    const file = createSetFile("users", files);
    files.problem = "No space left on device";
    expect([file.keep("a", 100), file.keep("b", 110)]).toEqual([files.problem, files.problem]);
    const before = files.problem;
    files.problem = undefined;
    expect(file.keep("b", 129)).toBe(before);
    expect([file.keep("b", 130), file.keep("b", 131)]).toEqual([undefined, undefined]);
    expect(files.written.map(([, text]) => text)).toEqual(["b"]);
  });

  it("is not there where the host has no place for it", () => {
    const files: Disk = { ...disk(), stateFolder: () => undefined };
    const file = createSetFile("users", files);
    expect([file.read(), file.keep("a", 100)]).toEqual([undefined, undefined]);
    expect(files.written).toEqual([]);
  });
});
