import type { ServerResponse } from "node:http";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { FAKE_TOKEN, startAdminFake, type AdminFake } from "../../test/harness/admin-fake.ts";
import { freePort } from "../../test/harness/free-port.ts";
import { AutoscaleError, type Problem } from "../errors.ts";
import { adminClient, type AdminClient } from "./admin-client.ts";
import { fetchDecisions, readStatus } from "./read-status.ts";
import { explainUnknown, type Subject } from "./unknown-name.ts";

let fake: AdminFake;
beforeEach(async () => {
  fake = await startAdminFake();
  onTestFinished(() => fake.stop());
});

const client = (token?: string, timeoutSeconds = 5): AdminClient => {
  return adminClient({ url: fake.url, ...(token === undefined ? {} : { token }) }, timeoutSeconds);
};

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const error: unknown = await promise.then(
    () => new Error("it was done"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AutoscaleError) return error.problems[0]!;
  throw error;
}

function answerWith(status: number, body: string, headers: Record<string, string> = {}): void {
  fake.override = (_, response: ServerResponse) => response.writeHead(status, headers).end(body);
}

test("reading sends no token, writing does, as JSON", async () => {
  let seen: unknown;
  fake.override = (request, response) => {
    seen = request.headers.authorization;
    response.end("{}");
  };
  await client(FAKE_TOKEN).get("/status");
  expect(seen).toBeUndefined();
  fake.override = undefined;
  await client(FAKE_TOKEN).put("/breakers/route%3Ausers", { state: "open" });
  expect(fake.changes).toEqual([
    { method: "PUT", path: "/breakers/route:users", authorization: `Bearer ${FAKE_TOKEN}`, body: { state: "open" } },
  ]);
});

test("nobody there: the address, the cause and what to look at", async () => {
  const url = `http://127.0.0.1:${String(await freePort())}`;
  expect(await problemOf(adminClient({ url }, 5).get("/status"))).toEqual({
    code: "E_ADMIN_UNREACHABLE",
    message: `found no gateway at ${url}: connect ECONNREFUSED ${url.slice(7)}`,
    remedy: "Is it running, and is `admin` set in its gateway.yaml? Name the address with --admin.",
  });
});

test.each([["no head"], ["half a body"]])("an answer that does not come to its end: %s", async (until) => {
  fake.override = (_, response) => {
    if (until === "half a body") response.write('{"version":');
  };
  const problem = await problemOf(client(undefined, 0.2).get("/status"));
  expect(problem).toMatchObject({
    code: "E_ADMIN_UNREACHABLE",
    message: `found no answer of ${fake.url} within 0.2 s`,
  });
});

test.each([
  ["no JSON", 200, "<html>"],
  ["another kind of JSON", 200, "[]"],
  ["an error that is not ours", 404, "Not Found"],
  ["an error of another API", 500, '{"message":"oops"}'],
  ["a redirect", 302, ""],
])("%s is no admin server", async (_title, status, body) => {
  answerWith(status, body, { location: "http://127.0.0.1:1/" });
  const problem = await problemOf(client().get("/status"));
  expect(problem).toMatchObject({ code: "E_ADMIN_ANSWER" });
  expect(problem.message).toContain(`(status ${String(status)})`);
});

test("JSON of another program at /status is no gateway", () => {
  expect(() => readStatus({ status: "green" }, fake.url)).toThrow("E_ADMIN_ANSWER");
});

test.each([
  [undefined, "wants a token, found none"],
  ["wrong", "does not take this token"],
])("with the token %s: %s", async (token, told) => {
  const problem = await problemOf(client(token).put("/breakers/route:users", { state: "open" }));
  expect(problem).toMatchObject({ code: "E_ADMIN_TOKEN" });
  expect(problem.message).toContain(told);
});

test("what the gateway refuses comes with its own code and words", async () => {
  answerWith(422, '{"error":"E_ADMIN_VALUE","message":"state must be open"}');
  expect(await problemOf(client().put("/breakers/x", {}))).toEqual({
    code: "E_ADMIN_REFUSED",
    message: `${fake.url} answered E_ADMIN_VALUE: state must be open`,
  });
});

test("a gateway that keeps no decisions has none; other refusals are told", async () => {
  expect((await fetchDecisions(client(), 5))[0]).toMatchObject({ subject: "route:orders", to: "open" });
  answerWith(404, '{"error":"E_ADMIN_PATH","message":"no such page"}');
  expect(await fetchDecisions(client(), 5)).toEqual([]);
  answerWith(500, '{"error":"E_ADMIN_FAILED","message":"oops"}');
  expect(await problemOf(fetchDecisions(client(), 5))).toMatchObject({ code: "E_ADMIN_REFUSED" });
});

test.each<[string, Subject, string, string]>([
  ["a typo", { kind: "breaker", name: "route:usres" }, 'found no breaker "route:usres"', "Did you mean route:users?"],
  ["a part", { kind: "breaker", name: "users" }, 'found no breaker "users"', "Did you mean route:users?"],
  ["far off", { kind: "breaker", name: "xyz" }, 'found no breaker "xyz"', "There are route:orders, route:users."],
  ["a limit", { kind: "limit", name: "user" }, 'found no limit "user"', "Did you mean users?"],
  ["an upstream", { kind: "peer", upstream: "user", name: "x" }, 'found no upstream "user"', "Did you mean users?"],
  [
    "a peer",
    { kind: "peer", upstream: "users", name: "10.0.0.9:8080" },
    'found no peer "10.0.0.9:8080" in upstream users',
    "Did you mean 10.0.0.1:8080?",
  ],
])("an unknown name, %s", async (_title, subject, message, remedy) => {
  const put = client(FAKE_TOKEN).put("/breakers/none", {});
  expect(await problemOf(put.catch(explainUnknown(client(), subject)))).toEqual({
    code: "E_ADMIN_REFUSED",
    message,
    remedy,
  });
});

test("an unknown name where there are none, and where there are many", async () => {
  const missing = (kind: "breaker" | "limit") =>
    problemOf(
      client(FAKE_TOKEN)
        .put("/limits/none", {})
        .catch(explainUnknown(client(), { kind, name: "xyz" })),
    );
  fake.status["limits"] = {};
  expect(await missing("limit")).toEqual({ code: "E_ADMIN_REFUSED", message: "there is no such thing" });
  fake.status["breakers"] = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`b${String(index)}`, {}]));
  expect((await missing("breaker")).remedy).toMatch(/^There are b0, b1, .*b9, and 2 more: see/);
});

test("a name that is there was refused for another reason, and other errors are let through", async () => {
  const put = client(FAKE_TOKEN).put("/breakers/none", {});
  const there = await problemOf(put.catch(explainUnknown(client(), { kind: "breaker", name: "route:users" })));
  expect(there.message).toBe("there is no such thing");
  const bug = new TypeError("a bug");
  await expect(explainUnknown(client(), { kind: "breaker", name: "x" })(bug)).rejects.toBe(bug);
});
