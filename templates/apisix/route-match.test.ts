import { expect, test } from "vitest";
import type { Route } from "../../cli/build/model.ts";
import { planSample } from "../../test/harness/render-sample.ts";
import { routeMatch } from "./route-match.ts";

const { routes } = planSample(`
upstreams: { one: { targets: ["10.0.0.1:80"] } }
routes:
  - { name: users, path: /users, upstream: one }
  - { name: first, path: "~ ^/users/[0-9]+$", upstream: one }
  - { name: second, path: "~ ^/u", upstream: one }
  - { name: exact, path: "= /users", upstream: one }
  - { name: form, path: /users, methods: [POST], upstream: one }
  - { name: slash, path: /files/, upstream: one }
`).gateway;

function match(name: string) {
  const route = routes.find((one: Route) => one.name === name);
  if (route === undefined) throw new Error(name);
  return routeMatch(route, routes);
}

test("a prefix ends at a segment's border", () => {
  expect(match("users").uris).toEqual(["/users", "/users/*"]);
  expect(match("slash").uris).toEqual(["/files/*"]);
});

test("a regex stands on the path of every prefix, with a condition", () => {
  expect(match("first")).toMatchObject({
    uris: ["/*", "/users", "/users/*", "/files/*"],
    vars: [["uri", "~~", "^/users/[0-9]+$"]],
  });
});

test("on one path: exact, then regexes as written, then who names methods, then who takes all", () => {
  const names = ["exact", "first", "second", "form", "users"];
  const sorted = [...names].sort((a, b) => match(b).priority - match(a).priority);
  expect(sorted).toEqual(names);
  expect(new Set(names.map((name) => match(name).priority)).size).toBe(names.length);
});
