import { describe, expect, test } from "vitest";
import { createProgram } from "../program.ts";
import { complete, type Completion, type FindNames } from "./candidates.ts";

const program = createProgram((error) => {
  throw error;
});
const asked: string[] = [];
const names: FindNames = async (place, { options, values }) => {
  asked.push([place, ...values, ...Object.values(options)].join(" "));
  return place === "control breaker <id>"
    ? ["route:users", "route:orders"]
    : place === "build --target"
      ? ["kong", "openresty"]
      : [];
};
const at = (...words: string[]): Promise<Completion> => complete(program, words, names);
const values = async (...words: string[]): Promise<string[]> =>
  (await at(...words)).candidates.map(({ value }) => value);

describe("commands", () => {
  test("all of them, described, and none that is hidden", async () => {
    const { candidates } = await at("");
    expect(candidates.map(({ value }) => value)).toEqual(
      expect.arrayContaining(["build", "status", "control", "help"]),
    );
    expect(candidates.map(({ value }) => value)).not.toContain("complete");
    expect(candidates.every(({ description }) => description !== "")).toBe(true);
  });

  test.each([
    [["sta"], ["status"]],
    [
      ["control", ""],
      ["breaker", "peer", "limit", "event", "help"],
    ],
    [["--json", "control", "br"], ["breaker"]],
    [["nonsense", ""], []],
  ])("%j", async (words, expected) => {
    expect(await values(...words)).toEqual(expected);
  });
});

describe("options", () => {
  test.each([
    [["build", "--t"], ["--target"]],
    [["control", "breaker", "--fo"], ["--for"]],
    [["control", "breaker", "x", "open", "--adm"], ["--admin"]],
    [["build", "--target", "kong", "--t"], []],
    [["build", "--", "--t"], []],
  ])("%j", async (words, expected) => {
    expect(await values(...words)).toEqual(expected);
  });

  test("their choices, after a space and after an equals sign", async () => {
    expect(await values("build", "--engine", "n")).toEqual(["nginx"]);
    expect(await values("build", "--engine=n")).toEqual(["--engine=nginx"]);
  });

  test("names that the grammar does not know, also with commas between", async () => {
    expect(await values("build", "--target", "")).toEqual(["kong", "openresty"]);
    expect(await values("build", "--target", "kong,o")).toEqual(["kong,openresty"]);
    expect(await values("build", "--target=kong,o")).toEqual(["--target=kong,openresty"]);
  });
});

describe("arguments", () => {
  test("their choices, each at its place", async () => {
    expect(await values("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await values("control", "breaker", "route:users", "")).toEqual(["open", "closed", "auto"]);
    expect(await values("control", "breaker", "--for", "5m", "route:users", "o")).toEqual(["open"]);
    expect(await values("control", "breaker", "route:users", "open", "")).toEqual([]);
  });

  test("names of the running gateway, with the options that say which", async () => {
    expect(await values("control", "--admin", "http://a", "breaker", "route:u")).toEqual(["route:users"]);
    expect(asked).toContain("control breaker <id> http://a");
    await at("control", "peer", "users", "");
    expect(asked).toContain("control peer <peer> users");
  });

  test.each([
    [["check", ""], "files"],
    [["explain", ""], "files"],
    [["control", "event", ""], "files"],
    [["status", "--token-file", ""], "files"],
    [["build", "--out", ""], "folders"],
    [["list", "--plugins", "a"], "folders"],
    [["control", "breaker", ""], "none"],
    [["build", "--engine", ""], "none"],
  ])("%j takes %s", async (words, paths) => {
    expect((await at(...words)).paths).toBe(paths);
  });
});
