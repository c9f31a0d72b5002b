import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { luaLiteral } from "../harness/lua-literal.ts";
import { hasLuaJit, startLuaJit, type LuaHandle, type LuaJit } from "../harness/luajit.ts";

const TEXT = "autoscale.runtime.cgroup-text";

/** As written by Linux 6.1 in a container with `--cpus 1.5`. */
const CPU_STAT = `usage_usec 7512345
user_usec 5012345
system_usec 2500000
nr_periods 321
nr_throttled 12
throttled_usec 400123
`;

describe.skipIf(!hasLuaJit)(`how loaded the node is${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`, () => {
  let lua: LuaJit;
  beforeAll(async () => {
    lua = await startLuaJit(["nginx/runtime/cgroup-text.ts", "nginx/runtime/cgroup-use.ts"]);
  });
  afterAll(() => lua.stop());

  test.each<[string, { v2?: string; v1?: string }]>([
    ["0::/system.slice/nginx.service\n", { v2: "/system.slice/nginx.service" }],
    ["0::/\n", { v2: "/" }],
    ["12:cpu,cpuacct:/docker/4ab6\n3:cpuset:/docker/4ab6\n0::/x\n", { v1: "/docker/4ab6", v2: "/x" }],
    ["3:cpuset:/a\n2:cpuacct:/b\n1:cpu:/c\n", { v1: "/c" }],
    ["", {}],
  ])("the groups of %j", async (text, expected) => {
    expect(await lua.call(TEXT, "cgroupPaths", text)).toEqual(expected);
  });

  test.each([
    ["/a/b.slice/c", ["/a/b.slice/c", "/a/b.slice", "/a", ""]],
    ["/", [""]],
    ["/a/", ["/a", ""]],
  ])("%s and all above it", async (path, expected) => {
    expect(await lua.call(TEXT, "withParents", path)).toEqual(expected);
  });

  test.each([
    ["max 100000\n", undefined],
    ["150000 100000\n", 1.5],
    ["", undefined],
    ["0 100000", undefined],
  ])("cpu.max %j is %s processors", async (text, expected) => {
    expect(await lua.call(TEXT, "quotaOf", text)).toBe(expected);
  });

  test.each([
    ["-1\n", "100000\n", undefined],
    ["50000\n", "100000\n", 0.5],
    ["", "", undefined],
  ])("cpu.cfs_quota_us %j of %j is %s processors", async (quota, period, expected) => {
    expect(await lua.call(TEXT, "oldQuotaOf", quota, period)).toBe(expected);
  });

  test("processor time used", async () => {
    expect(await lua.call(TEXT, "groupSeconds", CPU_STAT)).toBe(7.512345);
    expect(await lua.call(TEXT, "groupSeconds", "nr_periods 0\n")).toBeUndefined();
    expect(await lua.call(TEXT, "oldGroupSeconds", "1500000000\n")).toBe(1.5);
    expect(await lua.call(TEXT, "oldGroupSeconds", "")).toBeUndefined();
  });

  test.each([
    ["Name:\tnginx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\nMems_allowed:\t1\n", 8],
    ["Cpus_allowed_list:\t0-3,8,10-11\n", 7],
    ["Cpus_allowed_list:\t5\n", 1],
    ["Name:\tnginx\n", undefined],
  ])("%j allows %s processors", async (text, expected) => {
    expect(await lua.call(TEXT, "allowedProcessors", text)).toBe(expected);
  });

  test("the master of a worker whose name is odd", async () => {
    expect(await lua.call(TEXT, "parentPid", "77 (nginx: a) b) S 41 77 77 0 -1")).toBe("41");
    expect(await lua.call(TEXT, "parentPid", "")).toBeUndefined();
  });

  describe("the share of the limit that was used", () => {
    async function watched(files: Readonly<Record<string, string>>): Promise<LuaHandle> {
      await lua.run(`files = ${luaLiteral(files)}`);
      return lua.keep(
        `{ look = require("autoscale.runtime.cgroup-use").watchCgroups(function(path) return files[path] end) }`,
      );
    }
    const set = (path: string, text: string) => lua.run(`files[${luaLiteral(path)}] = ${luaLiteral(text)}`);

    test("of version 2, the worst of a group and those above it", async () => {
      const groups = await watched({
        "/proc/self/cgroup": "0::/pod/gateway\n",
        "/sys/fs/cgroup/pod/gateway/cpu.max": "max 100000\n",
        "/sys/fs/cgroup/pod/gateway/cpu.stat": "usage_usec 0\n",
        "/sys/fs/cgroup/pod/cpu.max": "200000 100000\n",
        "/sys/fs/cgroup/pod/cpu.stat": "usage_usec 1000000\n",
      });
      expect(await groups.call("look", 10)).toBeUndefined();
      await set("/sys/fs/cgroup/pod/cpu.stat", "usage_usec 4000000\n");
      expect(await groups.call("look", 12)).toBeCloseTo(0.75);
      await set("/sys/fs/cgroup/pod/gateway/cpu.max", "50000 100000\n");
      expect(await groups.call("look", 13)).toBe(0);
      await set("/sys/fs/cgroup/pod/gateway/cpu.stat", "usage_usec 500000\n");
      expect(await groups.call("look", 14)).toBeCloseTo(1);
    });

    test("of version 1, where the container sees the host's path", async () => {
      const groups = await watched({
        "/proc/self/cgroup": "4:cpu,cpuacct:/docker/4ab6\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "100000\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        "/sys/fs/cgroup/cpuacct/cpuacct.usage": "1000000000\n",
      });
      await groups.call("look", 10);
      await set("/sys/fs/cgroup/cpuacct/cpuacct.usage", "1900000000\n");
      expect(await groups.call("look", 11)).toBeCloseTo(0.9);
    });

    test("is not known without a limit, without /proc, and when the clock stands", async () => {
      const free = await watched({ "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000\n" });
      await free.call("look", 10);
      expect(await free.call("look", 11)).toBeUndefined();
      const none = await watched({});
      await none.call("look", 10);
      expect(await none.call("look", 11)).toBeUndefined();
      const limited = await watched({
        "/proc/self/cgroup": "0::/\n",
        "/sys/fs/cgroup/cpu.max": "50000 100000\n",
        "/sys/fs/cgroup/cpu.stat": "usage_usec 0\n",
      });
      await limited.call("look", 10);
      expect(await limited.call("look", 10)).toBeUndefined();
    });
  });
});
