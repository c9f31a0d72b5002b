import { describe, expect, it } from "vitest";
import { healthRig, peerKeys, type HealthRig, type HealthWorker } from "../../../test/harness/health-rig.ts";
import type { ConnectAnswer, HttpAnswer, HttpRequest } from "../../_kit/ports.ts";

const keys = peerKeys(3);
const [A = "", B = ""] = keys;

/** What peers answer to probes, by `host:port`: a status, a status with a body, or what is wrong. */
type Answers = Record<string, number | string | { readonly status: number; readonly body: string }>;

interface ProbeRig extends HealthRig {
  readonly requests: HttpRequest[];
  readonly answers: Answers;
  /** Probes for so long, as a worker that takes over, and runs all that workers do meanwhile. Time stands still in a probe. */
  run(seconds: number, worker?: HealthWorker): void;
  /** Each action some seconds after the one before, while one worker probes. */
  play(...steps: readonly (readonly [number, () => void])[]): void;
}

function probeRig(
  active: object,
  options: { workers?: number; peers?: readonly string[]; passive?: object } = {},
): ProbeRig {
  const { passive, ...others } = options;
  const rig = healthRig(passive === undefined ? { active } : { active, passive }, { peers: keys, ...others });
  const { node } = rig;
  const requests: HttpRequest[] = [];
  const answers: Answers = {};
  node.http.request = (request): HttpAnswer => {
    requests.push(request);
    const answer = answers[`${request.host}:${String(request.port)}`] ?? 200;
    if (typeof answer === "number") return { status: answer, headers: {}, body: "" };
    if (typeof answer === "string") return { status: 0, problem: answer, headers: {}, body: "" };
    return { ...answer, headers: {} };
  };
  let until = 0;
  let told = node.now;
  let script: { readonly at: number; readonly act: () => void }[] = [];
  node.sleep = (seconds) => {
    node.now += seconds;
    for (const worker of rig.workers) worker.catchUp();
    if (node.now - told >= 1) {
      told = node.now;
      for (const worker of rig.workers) worker.flush();
      rig.workers[0]?.sweep();
    }
    while (script[0] !== undefined && script[0].at <= node.now) script.shift()?.act();
    return node.now < until;
  };
  const run = (seconds: number, worker = rig.workers[0]): void => {
    until = node.now + seconds;
    node.tasks.length = 0;
    worker?.probe();
    node.tasks[0]?.();
  };
  const play: ProbeRig["play"] = (...steps) => {
    let at = node.now;
    script = steps.map(([seconds, act]) => ({ at: (at += seconds), act }));
    run(at - node.now + 0.5);
    expect(script).toEqual([]);
  };
  return { ...rig, requests, answers, run, play };
}

const statesOf = (rig: HealthRig): boolean[] => keys.map((key) => rig.usable(key));

describe("a probe", () => {
  it("is a GET on a connection of its own to the peer itself", () => {
    const rig = probeRig({ path: "/health?full=1", timeout_seconds: 0.5 });
    rig.run(6);
    expect(rig.requests[0]).toEqual({
      method: "GET",
      scheme: "http",
      host: expect.stringMatching(/^10\.0\.0\.[012]$/) as string,
      port: 80,
      path: "/health?full=1",
      headers: { Connection: "close", "User-Agent": "autoscale-lua" },
      connectSeconds: 0.5,
      readSeconds: 0.5,
      maxBytes: 262_144,
      tls: { verify: true },
    });
  });

  it("takes the configured Host, port and kind", () => {
    const rig = probeRig({ type: "https", host: "users.example.com", port: 8443, verify: false });
    rig.run(6);
    expect(rig.requests[0]).toMatchObject({
      scheme: "https",
      port: 8443,
      headers: { Host: "users.example.com" },
      tls: { verify: false, serverName: "users.example.com" },
    });
  });

  it("of tcp connects", () => {
    const rig = probeRig({ type: "tcp", port: 9000, unhealthy_after: 1 });
    const asked: unknown[] = [];
    rig.node.http.connect = (...args): ConnectAnswer => {
      asked.push(args);
      return args[0] === "10.0.0.0" ? { problem: "connection refused" } : {};
    };
    rig.run(6);
    expect(asked[0]).toEqual([expect.any(String), 9000, 1, false]);
    expect(statesOf(rig)).toEqual([false, true, true]);
    expect(rig.workers[0]?.health.of(A)?.why).toBe("a probe failed: connection refused");
  });

  it.each([
    ["200-399", 302, true],
    ["200-399", 404, false],
    ["200", 204, false],
    ["429", 429, true],
  ])("goes well with a status of %s: %d", (statuses, status, well) => {
    const rig = probeRig({ statuses: [statuses], unhealthy_after: 1 });
    for (const key of keys) rig.answers[key] = status;
    rig.run(6);
    expect(statesOf(rig)).toEqual([well, well, well]);
  });

  it("goes by the status when the answer is cut short or too long", () => {
    const rig = probeRig({ unhealthy_after: 1 });
    rig.node.http.request = () => ({ status: 200, problem: "closed", headers: {}, body: "" });
    rig.run(6);
    expect(statesOf(rig)).toEqual([true, true, true]);
  });
});

describe("a peer", () => {
  it("is taken out by its very first probe", () => {
    const rig = probeRig({}, { workers: 2 });
    rig.answers[A] = "connection refused";
    rig.run(5);
    expect(statesOf(rig)).toEqual([false, true, true]);
    expect(rig.told()).toEqual([`peer:backend/${A} healthy > unhealthy`]);
    expect(rig.node.events[0]).toMatchObject({
      plugin: "dynamic-upstreams",
      reason: "a probe failed: connection refused",
      inputs: { unhealthy_after: 3 },
    });
  });

  it("that was probed before is taken out after so many failures, and back after so many successes, told once each", () => {
    const rig = probeRig({}, { workers: 3 });
    const states: boolean[] = [];
    const note = (): number => states.push(rig.usable(A));
    rig.play(
      [6, () => (rig.answers[A] = 503)],
      [9, note],
      [8, note],
      [0, () => (rig.answers[A] = 200)],
      [4, note],
      [8, note],
    );
    expect(states).toEqual([true, false, false, true]);
    expect(rig.told()).toEqual([`peer:backend/${A} healthy > unhealthy`, `peer:backend/${A} unhealthy > healthy`]);
    expect(rig.node.events.map(({ reason }) => reason)).toEqual([
      "3 probes in a row failed: status 503",
      "2 probes in a row went well",
    ]);
    expect(rig.node.store.get("health:backend")).toBe("[]");
  });

  it("that comes while others are probed is new", () => {
    const rig = probeRig({});
    rig.run(6);
    rig.answers["10.9.9.9:80"] = "timeout";
    rig.workers[0]?.replace([...keys, "10.9.9.9:80"]);
    expect(rig.usable("10.9.9.9:80")).toBe(true);
    let replaced = false;
    const { sleep } = rig.node;
    rig.workers[0]?.replace(keys);
    rig.node.sleep = (seconds) => {
      if (!replaced) rig.workers[0]?.replace([...keys, "10.9.9.9:80"]);
      replaced = true;
      return sleep(seconds);
    };
    rig.run(8);
    expect(rig.usable("10.9.9.9:80")).toBe(false);
  });

  it("that an earlier worker probed is not taken out by one failure", () => {
    const rig = probeRig({}, { workers: 2 });
    rig.run(6);
    rig.answers[A] = "timeout";
    rig.run(6, rig.workers[1]);
    expect(rig.usable(A)).toBe(true);
    rig.run(20, rig.workers[1]);
    expect(rig.usable(A)).toBe(false);
  });

  it("that an earlier worker found sick needs the whole row to be well, and is not told of again", () => {
    const rig = probeRig({}, { workers: 2 });
    rig.answers[A] = "timeout";
    rig.run(6);
    rig.run(6, rig.workers[1]);
    expect(rig.told()).toHaveLength(1);
    rig.answers[A] = 200;
    rig.run(5, rig.workers[1]);
    expect(rig.usable(A)).toBe(false);
    rig.run(14, rig.workers[1]);
    expect(rig.usable(A)).toBe(true);
  });

  it("that has left is probed no more, and its answer that comes too late says nothing", () => {
    const rig = probeRig({ unhealthy_after: 1 });
    rig.answers[A] = "timeout";
    const { request } = rig.node.http;
    rig.node.http.request = (asked) => {
      if (asked.host === "10.0.0.0") {
        rig.workers[0]?.replace(keys.slice(1));
        rig.workers[0]?.flush();
      }
      return request(asked);
    };
    rig.run(30);
    expect(rig.requests.filter(({ host }) => host === "10.0.0.0")).toHaveLength(1);
    expect(rig.workers[0]?.health.of(A)).toBeUndefined();
  });

  it("is marked again when the memory that said it is sick was lost", () => {
    const rig = probeRig({});
    rig.answers[A] = "timeout";
    const states: boolean[] = [];
    const note = (): number => states.push(rig.usable(A));
    const lose = (): void => {
      rig.node.store.set("health:backend", "[]");
      rig.node.store.incr("health-version:backend", 1, 0, 0);
    };
    rig.play([20, note], [0, lose], [0, note], [6, note]);
    expect(states).toEqual([false, true, false]);
    expect(rig.workers[0]?.health.of(A)?.why).toBe("a probe failed: timeout");
  });

  it("that is well again before it could be written that it was sick was never sick", () => {
    const rig = probeRig({ unhealthy_after: 1, healthy_after: 1 });
    const claim = (): void => {
      rig.node.store.set("health-claim:backend", 0.5, 13);
      rig.answers[A] = "timeout";
    };
    rig.play([6, claim], [6, () => (rig.answers[A] = 200)], [20, () => undefined]);
    expect(rig.told()).toEqual([]);
  });

  it("that is well again begins a new row of failures, and stays ejected as long as it was to be", () => {
    const rig = probeRig({ unhealthy_after: 1, healthy_after: 1 }, { passive: { max_ejected: 100 } });
    rig.run(6);
    const tried = rig.workers[0]?.tried;
    tried?.(A, 500, 500, 500, 500);
    for (let count = 0; count < 5; count++) tried?.(B, 500);
    rig.answers[A] = 500;
    rig.run(6);
    rig.answers[A] = 200;
    rig.run(6);
    expect(statesOf(rig)).toEqual([true, false, true]);
    tried?.(A, 500);
    expect(rig.usable(A)).toBe(true);
    tried?.(A, 500, 500, 500, 500);
    expect(rig.usable(A)).toBe(false);
  });
});

describe("the times of probes", () => {
  it("are spread over the interval at first, and a tenth around it after", () => {
    const rig = probeRig({ interval_seconds: 10 }, { peers: peerKeys(200) });
    const times: Record<string, number[]> = {};
    const from = rig.node.now;
    rig.node.http.request = ({ host }) => {
      (times[host] ??= []).push(rig.node.now - from);
      return { status: 200, headers: {}, body: "" };
    };
    rig.run(100);
    const first = Object.values(times).map(([time = 0]) => time);
    expect(first).toHaveLength(200);
    expect(Math.max(...first)).toBeLessThanOrEqual(10.02);
    for (let second = 0; second < 10; second++) {
      const share = first.filter((time) => time >= second && time < second + 1).length;
      expect(share).toBeGreaterThan(5);
    }
    for (const list of Object.values(times)) {
      const gaps = list.slice(1).map((time, index) => time - (list[index] ?? 0));
      for (const gap of gaps) {
        expect(gap).toBeGreaterThan(8.98);
        expect(gap).toBeLessThan(11.03);
      }
      expect(list.length).toBeGreaterThanOrEqual(9);
    }
  });

  it("begin anew when the clock is set back", () => {
    const rig = probeRig({ interval_seconds: 5 });
    const times: number[] = [];
    rig.node.http.request = () => {
      times.push(rig.node.now);
      return { status: 200, headers: {}, body: "" };
    };
    const from = rig.node.now;
    const { sleep } = rig.node;
    rig.node.sleep = (seconds) => {
      if (rig.node.now >= from + 20) rig.node.now -= 86_400;
      sleep(seconds);
      return rig.node.now > from || rig.node.now < from - 86_400 + 40;
    };
    rig.workers[0]?.probe();
    rig.node.tasks[0]?.();
    const after = times.filter((time) => time < from);
    expect(after.length).toBeGreaterThanOrEqual(9);
    expect(after[0]).toBeLessThanOrEqual(from - 86_400 + 26);
  });

  it("end when the worker is told to do something else", () => {
    const rig = probeRig({});
    let goesOn = true;
    rig.node.http.request = () => {
      goesOn = false;
      return { status: 500, headers: {}, body: "" };
    };
    rig.node.sleep = (seconds) => {
      rig.node.now += seconds;
      return true;
    };
    rig.workers[0]?.probe(() => goesOn);
    rig.node.tasks[0]?.();
    rig.second();
    expect(rig.told()).toEqual([]);
  });
});

describe("an agent", () => {
  const say = (body: string) => ({ status: 200, body });

  it("sets a share, which is told of when it moved by a tenth", () => {
    const rig = probeRig({ agent: true }, { workers: 2 });
    rig.answers[A] = say("75%\n");
    rig.run(6);
    for (const { health } of rig.workers) expect(health.of(A)?.share).toBe(0.75);
    rig.answers[A] = say("70% some unknown word");
    rig.run(6);
    expect(rig.workers[1]?.health.of(A)?.share).toBe(0.7);
    rig.answers[A] = say("100%");
    rig.run(6);
    expect(rig.workers[1]?.health.of(A)).toBeUndefined();
    expect(rig.told()).toEqual([
      `peer:backend/${A} share 100% > share 75%`,
      `peer:backend/${A} share 70% > share 100%`,
    ]);
  });

  it("keeps its last word while it says nothing", () => {
    const rig = probeRig({ agent: true });
    rig.answers[A] = say("drain 40%");
    rig.run(6);
    rig.answers[A] = say("OK");
    rig.run(6);
    expect(rig.workers[0]?.health.of(A)).toMatchObject({ draining: true, share: 0.4 });
  });

  it("drains and ends that", () => {
    const rig = probeRig({ agent: true }, { workers: 2 });
    rig.answers[A] = say("drain");
    rig.run(6);
    expect(rig.usable(A)).toBe(false);
    rig.answers[A] = say("ready");
    rig.run(6);
    expect(rig.usable(A)).toBe(true);
    expect(rig.told()).toEqual([`peer:backend/${A} accepting > draining`, `peer:backend/${A} draining > accepting`]);
  });

  it("drains with a share of 0, as HAProxy does", () => {
    const rig = probeRig({ agent: true });
    rig.answers[A] = say("0%");
    rig.run(6);
    expect(rig.workers[0]?.health.of(A)).toMatchObject({ draining: true, share: 1, unhealthy: false });
  });

  it("is believed at once when it says that it is down or up", () => {
    const rig = probeRig({ agent: true });
    rig.run(6);
    rig.answers[A] = say("down#disk full");
    rig.run(6);
    expect(rig.usable(A)).toBe(false);
    expect(rig.workers[0]?.health.of(A)?.why).toBe("its agent says that it is down");
    rig.answers[A] = say("up");
    rig.run(6);
    expect(rig.usable(A)).toBe(true);
    expect(rig.node.events[1]?.reason).toBe("its agent says that it is up");
  });

  it("speaks in the greeting of tcp", () => {
    const rig = probeRig({ type: "tcp", agent: true });
    rig.node.http.connect = (host) => (host === "10.0.0.0" ? { line: "50%" } : {});
    rig.run(6);
    expect(rig.workers[0]?.health.of(A)?.share).toBe(0.5);
  });

  it("is not listened to unless that is configured", () => {
    const rig = probeRig({});
    rig.answers[A] = say("down 10%");
    rig.run(6);
    expect(rig.workers[0]?.health.of(A)).toBeUndefined();
  });
});

it("writes once for many peers that are found sick together", () => {
  const rig = probeRig({ interval_seconds: 1 }, { peers: peerKeys(1000) });
  rig.node.http.request = () => ({ status: 0, problem: "timeout", headers: {}, body: "" });
  let writes = 0;
  const { set } = rig.node.store;
  rig.node.store.set = (key, value, ttl) => {
    writes += key === "health:backend" ? 1 : 0;
    return set(key, value, ttl);
  };
  const from = rig.node.now;
  // As in a worker: four times a second, whatever tasks do.
  const catchUp = rig.workers[0]?.health.catchUp;
  let looked = from;
  rig.node.sleep = (seconds) => {
    rig.node.now += seconds;
    if (rig.node.now - looked >= 0.25) {
      looked = rig.node.now;
      catchUp?.(rig.node.now);
    }
    return rig.node.now < from + 2;
  };
  rig.run(2);
  expect(Object.keys(JSON.parse(String(rig.node.store.get("health:backend"))) as object)).toHaveLength(1000);
  expect(writes).toBeLessThanOrEqual(9);
});
