/** What a plugin learns of a request through the context, on every host. */
import { expect } from "vitest";
import { eventually } from "../harness/eventually.ts";
import type { ProbeCase, Stage } from "./host-stage.ts";

/** Sends a body of the probe's route, of which at most `max` bytes are read, and checks that the upstream gets all of it. */
async function bodyRead({ get, one }: Stage, text: string, max: number, chunked = false): Promise<unknown> {
  const headers = { "x-max": String(max), ...(chunked ? { "transfer-encoding": "chunked" } : {}) };
  const answer = await get("/probe", headers, { method: "POST", body: text });
  expect([answer.status, one.arrived.at(-1)?.body.length]).toEqual([200, text.length]);
  return answer.headers["x-body"];
}

/** Larger than nginx keeps in memory. */
const LARGE = `${"x".repeat(100_000)}end`;

export const CONTEXT_CASES: readonly ProbeCase[] = [
  {
    name: "log of every plugin sees which upstream one of them chose",
    run: async ({ get, shown }) => {
      await get("/probe", { "x-do": "route", "x-id": "sent" });
      expect(await shown("probe", "keeper", "sent")).toBe("other");
      await get("/probe", { "x-id": "stayed" });
      expect(await shown("probe", "keeper", "stayed")).toBe("(its own)");
    },
  },
  {
    name: "a request's body is read whole: in memory, in a file, in chunks",
    run: async (stage) => {
      expect(await bodyRead(stage, "a small body", 12)).toBe("12ody");
      expect(await bodyRead(stage, LARGE, LARGE.length)).toBe("100003end");
      expect(await bodyRead(stage, "in chunks", 100, true)).toBe("9nks");
      expect(await bodyRead(stage, LARGE, 200_000, true)).toBe("100003end");
    },
  },
  {
    name: "a body that is too large, or not there, is none, and goes to the upstream all the same",
    run: async (stage) => {
      expect(await bodyRead(stage, "a small body", 11)).toBe("none");
      expect(await bodyRead(stage, LARGE, LARGE.length - 1)).toBe("none");
      expect(await bodyRead(stage, "in chunks", 8, true)).toBe("none");
      expect(await bodyRead(stage, LARGE, LARGE.length - 1, true)).toBe("none");
      expect(await bodyRead(stage, "", 100)).toBe("none");
    },
  },
  {
    name: "a client that the host knows is named",
    run: async ({ get }) => {
      const known = await get("/probe", { "x-fake-consumer": "alice" });
      const unknown = await get("/probe");
      expect([known.headers["x-who"], unknown.headers["x-who"]]).toEqual(["alice", "nobody"]);
    },
  },
  {
    name: "a request has one handle from access to log, which no other has meanwhile",
    run: async ({ get, shown, host }) => {
      for (const wish of ["go", "route", "reject"]) {
        const requests = Array.from({ length: 30 }, (_, index) =>
          get("/probe", { "x-do": wish, "x-id": `h${String(index)}` }),
        );
        await Promise.all(requests);
        await get("/probe", { "x-do": wish, "x-id": `${wish}-handle` });
        expect(await shown("probe", "told", `${wish}-handle`)).toMatch(/^same /);
      }
      const probes = (await host.status())["probes"] as Record<string, { clashes: number }>;
      expect(probes["probe"]?.clashes).toBe(0);
    },
  },
  {
    name: "log sees how many bytes came in and went out",
    run: async ({ get, shown, one }) => {
      one.respond = (_arrived, response) => void response.end("y".repeat(50_000));
      await get("/probe", { "x-id": "bytes" }, { method: "POST", body: "x".repeat(3000) });
      const counted = await eventually("bytes are told", () => shown("probe", "told", "bytes"));
      const [came = 0, went = 0] = counted.split(" ").slice(1).map(Number);
      // The line and the headers are a few hundred bytes.
      expect([came > 3050, came < 4000, went > 50_100, went < 51_500]).toEqual([true, true, true, true]);
    },
  },
];
