import { expect, test } from "vitest";
import { fakeStatus } from "../../test/harness/admin-fake.ts";
import { readStatus } from "../admin-client/index.ts";
import { firstModel, pressed, SORT_ORDERS, sortedRoutes, type TopModel } from "./top-model.ts";

const model = firstModel("http://gateway", { status: readStatus(fakeStatus(), ""), decisions: [] });

function press(from: TopModel, ...keys: string[]): TopModel {
  return keys.reduce<TopModel>((now, key) => {
    const next = pressed(now, key, 10);
    if (next === "quit") throw new Error("it quit");
    return next;
  }, from);
}

test.each(["q", "ctrl-c", "ctrl-d"])("%s quits, also from the help", (key) => {
  expect(pressed(model, key, 10)).toBe("quit");
  expect(pressed(press(model, "?"), key, 10)).toBe("quit");
});

test("s goes through all orders and comes back", () => {
  const names = (now: TopModel): string[] => sortedRoutes(now).map(({ name }) => name);
  const seen = SORT_ORDERS.map((_, times) => names(press(model, ...Array<string>(times).fill("s"))));
  // By requests and errors orders is first; it has no latency and nothing in flight that are known.
  expect(seen).toEqual([
    ["orders", "users"],
    ["orders", "users"],
    ["users", "orders"],
    ["users", "orders"],
    ["orders", "users"],
  ]);
  expect(press(model, ...SORT_ORDERS.map(() => "s")).sort).toBe(0);
});

test("keys scroll by lines and pages, never before the first line", () => {
  expect(press(model, "down", "j", "up").scroll).toBe(1);
  expect(press(model, "page-down").scroll).toBe(9);
  expect(press(model, "page-down", "page-up", "k").scroll).toBe(0);
  expect(press(model, "end").scroll).toBeGreaterThan(1e6);
  expect(press(model, "G", "g").scroll).toBe(0);
});

test("p pauses and goes on; ? shows the keys until the next key, which does nothing else", () => {
  expect([press(model, "p").paused, press(model, "p", " ").paused]).toEqual([true, false]);
  expect([press(model, "?").help, press(model, "?", "p")]).toEqual([true, model]);
});

test("other keys change nothing", () => {
  expect(press(model, "x", "escape", "\u001b[15~")).toBe(model);
});
