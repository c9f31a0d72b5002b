import { expect, test } from "vitest";
import { schema as s } from "../../plugins/_kit/index.ts";
import { definePlugin } from "../../plugins/_kit/manifest.ts";
import { planSample } from "../../test/harness/render-sample.ts";
import { secretValues } from "./secret-values.ts";

const secret = (description: string) => s.string({ secret: true, optional: true, description });

const manifest = definePlugin({
  name: "keys",
  version: "1.0.0",
  description: "Holds secrets in every kind of place.",
  priority: { openresty: 1, kong: 1, apisix: 1 },
  phases: ["log"],
  dicts: [],
  config: s.record({
    open: s.string({ default: "", description: "Anybody may read it." }),
    plain: secret("One text that is secret."),
    nested: s.record({ deep: secret("One that lies deeper.") }),
    list: s.list(s.string({ secret: true, description: "One of a list." }), {
      default: [],
      description: "Several ones.",
    }),
    map: s.map(s.string({ description: "One of a map." }), {
      optional: true,
      secret: true,
      description: "All are secret.",
    }),
    store: s.either(
      [
        s.oneOf(["local"], { description: "Not a secret." }),
        s.record({ redis: secret("The password, in the address.") }),
      ],
      { default: "local", description: "Where it is kept." },
    ),
    rest: s.anything({ optional: true, secret: true, description: "Whatever it is." }),
  }),
});

function secretsOf(config: object): readonly string[] {
  const plan = planSample(`
admin: { token: "\${TOKEN}" }
upstreams: { users: { targets: ["users:80"] } }
routes: [{ name: all, path: /, upstream: users, plugins: { circuit-breaker: {} } }]
`);
  const routes = plan.routes.map((planned) => ({
    ...planned,
    plugins: planned.plugins.map((plugin) => ({ ...plugin, name: "keys", config })),
  }));
  return secretValues({ ...plan, routes, manifests: new Map([["keys", manifest]]) });
}

test("the admin's token, and every text of a field that is declared secret, however deep", () => {
  const config = {
    open: "everybody",
    plain: "a",
    nested: { deep: "b" },
    list: ["c", "d"],
    map: { name: "e" },
    store: { redis: "f" },
    rest: { any: ["g", 1, true] },
  };
  expect(secretsOf(config)).toEqual(["s3cret", "a", "b", "c", "d", "e", "f", "g"]);
});

test("what is empty or absent is none", () => {
  expect(secretsOf({ plain: "", list: [], map: {}, store: "local" })).toEqual(["s3cret"]);
});

test("those of upstreams too", () => {
  const plan = planSample(`
upstreams:
  users:
    discovery:
      consul: { address: "http://127.0.0.1:8500", service: users, token: t0ken }
      http: { url: "http://127.0.0.1/peers", headers: { Authorization: Bearer } }
      also: [{ eureka: { address: "http://127.0.0.1/eureka", app: USERS, username: me, password: pa55 } }]
routes: [{ name: all, path: /, upstream: users }]
`);
  expect(secretValues(plan)).toEqual(["t0ken", "Bearer", "pa55"]);
});
