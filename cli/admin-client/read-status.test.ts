import fc from "fast-check";
import { expect, test } from "vitest";
import { fakeStatus } from "../../test/harness/admin-fake.ts";
import { AutoscaleError } from "../errors.ts";
import { readStatus } from "./read-status.ts";

test("names come in an order that people expect, numbers by their value", () => {
  const peers = { "10.0.0.10:80": {}, "10.0.0.9:80": {}, "10.0.0.9:8080": {} };
  const { upstreams } = readStatus({ version: "1", upstreams: { b: {}, a: { peers } } }, "");
  expect(upstreams.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(upstreams[0]?.peers.map(({ address }) => address)).toEqual(["10.0.0.9:80", "10.0.0.9:8080", "10.0.0.10:80"]);
});

test("Lua writes empty lists as empty records, and what is absent stays absent", () => {
  const { routes, writable } = readStatus({ version: "1", routes: { a: { hosts: {}, plugins: {}, rps: "many" } } }, "");
  expect(routes[0]).toMatchObject({ hosts: [], plugins: [], rps: undefined, rpsHistory: [] });
  expect(writable).toBeUndefined();
});

test("what a control says beside its state are figures", () => {
  const [breaker] = readStatus(fakeStatus(), "").breakers;
  expect(breaker).toMatchObject({ name: "route:orders", state: "open", figures: { failure_rate: 60, calls: 40 } });
});

test("whatever comes, it is read or refused, and nothing else is thrown", () => {
  const parts = Object.keys(fakeStatus()).filter((name) => name !== "version");
  const status = fc.record({
    version: fc.constant("1"),
    ...Object.fromEntries(parts.map((name) => [name, fc.jsonValue()])),
  });
  fc.assert(fc.property(status, (value) => readStatus(value, "").version === "1"));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      try {
        readStatus(value, "");
      } catch (error) {
        expect(error).toBeInstanceOf(AutoscaleError);
      }
    }),
  );
});
