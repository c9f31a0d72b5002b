import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";
import { luaLiteral } from "../harness/lua-literal.ts";

const PARTS = [
  "byte-reader",
  "http-head",
  "http-body",
  "line-cutter",
  "http-request-text",
  "dns-search",
  "dns-servers",
  "dialed-host",
];

interface ReadAnswer {
  readonly status?: number;
  readonly minor?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly problem?: string;
  readonly whole?: boolean;
  readonly rest?: string;
}

let lua: LuaJit;

beforeAll(async () => {
  if (!hasLuaJit) return;
  lua = await startLuaJit(PARTS.map((part) => `nginx/runtime/${part}.ts`));
  await lua.run(readFileSync(new URL("http-driver.lua", import.meta.url), "utf8"));
});
afterAll(() => (hasLuaJit ? lua.stop() : undefined));

const call = async (name: string, ...args: readonly unknown[]): Promise<unknown> =>
  (await lua.run(`return ${name}(${args.map(luaLiteral).join(",")})`))[0];

/** Reads an answer that comes in these pieces, after which nothing comes. */
const read = (pieces: readonly string[], method = "GET", ending = "closed"): Promise<ReadAnswer> =>
  call("http_answer", pieces, method, ending) as Promise<ReadAnswer>;

/** Cuts a text at these places. */
function cutAt(text: string, places: readonly number[]): string[] {
  const sorted = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  const pieces = [...sorted, text.length].map((end, index) => text.slice(index === 0 ? 0 : sorted[index - 1], end));
  return pieces.filter((piece) => piece !== "");
}

const places = fc.array(fc.nat({ max: 5000 }), { maxLength: 12 });
const ok = (rest: string): string => `HTTP/1.1 200 OK\r\n${rest}`;
const chunked = (rest: string): string => ok(`Transfer-Encoding: chunked\r\n\r\n${rest}`);

const describeWithLuaJit = describe.skipIf(!hasLuaJit);
const reason = hasLuaJit ? "" : " (skipped: no luajit on PATH)";

describeWithLuaJit(`an HTTP answer${reason}`, () => {
  test("names are in small letters, the last of equals counts, spaces around values go", async () => {
    const answer = await read([ok("X-One: a\r\nx-ONE:\t b c \t\r\nEmpty:\r\nContent-Length: 2\r\n\r\nhi")]);
    expect(answer).toEqual({
      status: 200,
      minor: 1,
      headers: { "x-one": "b c", empty: "", "content-length": "2" },
      body: "hi",
      whole: true,
      rest: "",
    });
  });

  test.each([
    ["a length", "GET", ok("Content-Length: 3\r\n\r\nabcNEXT"), { body: "abc", whole: true, rest: "NEXT" }],
    ["a length of 0", "GET", ok("Content-Length: 0\r\n\r\n"), { body: "", whole: true, rest: "" }],
    ["lines that end in LF alone", "GET", "HTTP/1.1 200 OK\nContent-Length: 1\n\na", { body: "a", whole: true }],
    ["no reason", "GET", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", { status: 404, whole: true }],
    [
      "chunks",
      "GET",
      chunked("3\r\nabc\r\n0a;x=y\r\n0123456789\r\n0\r\n\r\nNEXT"),
      { body: "abc0123456789", whole: true, rest: "NEXT" },
    ],
    [
      "chunks with trailers",
      "GET",
      chunked("1\r\na\r\n000\r\nX: y\r\nZ: w\r\n\r\n"),
      { body: "a", whole: true, rest: "" },
    ],
    [
      "chunks that say a length too",
      "GET",
      ok("Content-Length: 9\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"),
      { body: "a", whole: true },
    ],
    ["until it is closed", "GET", ok("\r\nall of it"), { body: "all of it", whole: false }],
    ["HEAD", "HEAD", ok("Content-Length: 3\r\n\r\n"), { body: "", whole: true }],
    ["204", "GET", "HTTP/1.1 204 No Content\r\n\r\nNEXT", { body: "", whole: true, rest: "NEXT" }],
    ["304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", { body: "", whole: true }],
    [
      "interim answers",
      "GET",
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok("Content-Length: 0\r\n\r\n")}`,
      { status: 200, headers: { "content-length": "0" }, whole: true },
    ],
  ])("%s", async (_name, method, text, expected) => {
    const answer = await read([text], method);
    expect(answer).toMatchObject(expected);
    expect(answer.problem).toBeUndefined();
  });

  test.each([
    ["nothing", "", "closed"],
    ["half a head", "HTTP/1.1 200 OK\r\nX: y", "closed"],
    ["something else", "SSH-2.0-OpenSSH_9\r\n", "malformed answer: no HTTP/1 status line"],
    ["HTTP/2", "HTTP/2 200\r\n\r\n", "malformed answer: no HTTP/1 status line"],
    ["a status below 100", "HTTP/1.1 099 X\r\n\r\n", "malformed answer: no HTTP/1 status line"],
    ["a status of four digits", "HTTP/1.1 2000 X\r\n\r\n", "malformed answer: no HTTP/1 status line"],
    ["a header without a colon", ok("what\r\n\r\n"), "malformed answer: a header that is none"],
    ["a header with a space in its name", ok("a b: c\r\n\r\n"), "malformed answer: a header that is none"],
    [
      "a header with a space behind its name",
      ok("Content-Length : 1\r\n\r\n"),
      "malformed answer: a header that is none",
    ],
    ["a header that goes on in the next line", ok("a: b\r\n c\r\n\r\n"), "malformed answer: a header that is none"],
    ["a carriage return in a value", ok("a: b\rc\r\n\r\n"), "malformed answer: a header that is none"],
    ["a zero byte in a value", ok("a: b\u0000c\r\n\r\n"), "malformed answer: a header that is none"],
    ["two lengths", ok("Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "malformed answer: two lengths"],
    ["no length", ok("Content-Length: one\r\n\r\n"), "malformed answer: a length that is none"],
    ["a length below 0", ok("Content-Length: -1\r\n\r\n"), "malformed answer: a length that is none"],
    [
      "a length beyond all measure",
      ok(`Content-Length: ${"9".repeat(16)}\r\n\r\n`),
      "malformed answer: a length that is none",
    ],
    [
      "another coding",
      ok("Transfer-Encoding: gzip\r\n\r\n"),
      "malformed answer: a transfer coding that is not chunked",
    ],
    [
      "chunks under another coding",
      ok("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      "malformed answer: a transfer coding that is not chunked",
    ],
    [
      "chunks in HTTP/1.0",
      "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "malformed answer: a transfer coding that is not chunked",
    ],
    ["too little", ok("Content-Length: 3\r\n\r\nab"), "closed"],
    ["half a chunk", chunked("3\r\nab"), "closed"],
    ["a chunk without a size", chunked("\r\n"), "malformed answer: a chunk without a size"],
    ["a chunk whose size is none", chunked("3g\r\nabc\r\n0\r\n\r\n"), "malformed answer: a chunk without a size"],
    ["a chunk whose size is below 0", chunked("-3\r\nabc\r\n0\r\n\r\n"), "malformed answer: a chunk without a size"],
    ["a chunk beyond all measure", chunked(`${"f".repeat(13)}\r\n`), "malformed answer: a chunk without a size"],
    [
      "a chunk that is longer than it says",
      chunked("1\r\na\nz\r\n0\r\n\r\n"),
      "malformed answer: a chunk without a size",
    ],
    ["a chunk that goes on", chunked("1\r\nabc\r\n0\r\n\r\n"), "malformed answer: a line that is too long"],
    ["chunks without an end", chunked("1\r\na\r\n"), "closed"],
    ["no end behind the last chunk", chunked("0\r\nX: y\r\n"), "closed"],
    ["a head without an end", ok(`a: ${"b".repeat(70_000)}`), "malformed answer: a line that is too long"],
    [
      "a head of too many bytes",
      ok(`a: ${"b".repeat(1000)}\r\n`.repeat(100)),
      "malformed answer: a line that is too long",
    ],
    [
      "trailers without an end",
      chunked(`0\r\n${"a: b\r\n".repeat(20_000)}`),
      "malformed answer: a line that is too long",
    ],
    ["too many headers", ok("a: b\r\n".repeat(300)), "malformed answer: too many headers"],
    [
      "nothing but interim answers",
      "HTTP/1.1 102 Processing\r\n\r\n".repeat(20),
      "malformed answer: too many interim answers",
    ],
    [
      "another protocol",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      "malformed answer: another protocol that nobody asked for",
    ],
  ])("%s is a problem", async (_name, text, problem) => {
    const answer = await read([text]);
    expect(answer.problem).toBe(problem);
    expect(answer.whole ?? false).toBe(false);
  });

  test("is the same in whatever pieces it comes", async () => {
    const texts = [
      ok("X-A: b\r\nContent-Length: 26\r\n\r\nabcdefghijklmnopqrstuvwxyzREST"),
      chunked("5\r\nab\r\nc\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nX: y\r\n\r\nREST"),
      ok("\r\nall\r\n\r\nof it"),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...texts), places, async (text, cuts) => {
        const whole = await read([text]);
        const pieces = cutAt(text, cuts);
        const { rest = "", ...answer } = await read(pieces);
        expect(answer).toEqual({ ...answer, ...whole, rest: undefined });
        // Nothing is read behind the end but what came in one piece with it.
        expect((whole.rest ?? "").startsWith(rest)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test("a timeout is told as such wherever it comes", async () => {
    const text = chunked("5\r\nabcde\r\n0\r\n\r\n");
    for (let length = 0; length < text.length; length++) {
      const answer = await read(cutAt(text.slice(0, length), []), "GET", "timeout");
      expect(answer.problem, String(length)).toBe("timeout");
    }
    expect((await read([text], "GET", "timeout")).problem).toBeUndefined();
    expect((await read([ok("\r\nabc")], "GET", "timeout")).problem).toBe("timeout");
  });

  test("no bytes make it throw or go on for ever", async () => {
    const word = fc.constantFrom(
      "HTTP/1.1 200 OK",
      "\r\n",
      "\n",
      "Content-Length: 3",
      "Transfer-Encoding: chunked",
      "3",
      "0",
      ";",
      "abc",
      "\r",
      ": ",
      "\u0000",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 20 }), fc.boolean(), places, async (words, isAnswer, cuts) => {
        const text = (isAnswer ? ok("") : "") + words.join("");
        const answer = await read(cutAt(text, cuts));
        expect(answer.problem !== undefined || answer.whole === true || answer.headers !== undefined).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describeWithLuaJit(`lines of a stream${reason}`, () => {
  const cut = (pieces: readonly string[], max = 100, stopAt = "stop") =>
    call("cut_lines", pieces, max, stopAt) as Promise<{ lines: string[]; stopped?: number; problem?: string }>;
  const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

  test("are the same in whatever pieces they come", async () => {
    const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "{"), maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.boolean(), places, async (lines, isEnded, cuts) => {
        const text = lines.join("\n") + (isEnded && lines.length > 0 ? "\n" : "");
        const { lines: found } = await cut(cutAt(text, cuts));
        // Nothing behind the last end of a line is no line.
        const expected = text === "" || text.endsWith("\n") ? text.split("\n").slice(0, -1) : text.split("\n");
        expect(listOf(found)).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  test("carriage returns at their ends go", async () => {
    expect((await cut(["a\r\nb\r", "\nc\rd\n"])).lines).toEqual(["a", "b", "c\rd"]);
  });

  test("end when they are asked to, and nothing is told after", async () => {
    expect(await cut(["a\nst", "op\nb\n", "c\n"])).toEqual({ lines: ["a", "stop"], stopped: 2 });
  });

  test("may be so long and no longer, also when they never end", async () => {
    expect((await cut(["12345", "\n12345\n"], 5)).lines).toEqual(["12345", "12345"]);
    expect(await cut(["123", "456", "78\n"], 5)).toEqual({
      lines: {},
      stopped: 2,
      problem: "a line of more than 5 bytes",
    });
    expect((await cut(["a\n123456\n"], 5)).problem).toBe("a line of more than 5 bytes");
  });
});

describeWithLuaJit(`an HTTP request${reason}`, () => {
  const request = { method: "GET", scheme: "http", host: "one.test", port: 8080, path: "/a?b=c", headers: {} };
  const text = (change: object) =>
    call("request_text", { ...request, ...change }) as Promise<{ text?: string; flaw?: string }>;

  test.each([
    [{}, "GET /a?b=c HTTP/1.1\r\nHost: one.test:8080\r\nConnection: keep-alive\r\n\r\n"],
    [{ port: 80 }, "GET /a?b=c HTTP/1.1\r\nHost: one.test\r\nConnection: keep-alive\r\n\r\n"],
    [{ scheme: "https", port: 443 }, "GET /a?b=c HTTP/1.1\r\nHost: one.test\r\nConnection: keep-alive\r\n\r\n"],
    [{ host: "::1" }, "GET /a?b=c HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: keep-alive\r\n\r\n"],
    [{ headers: { hOst: "other" } }, "GET /a?b=c HTTP/1.1\r\nhOst: other\r\nConnection: keep-alive\r\n\r\n"],
    [{ headers: { Connection: "close" } }, "GET /a?b=c HTTP/1.1\r\nHost: one.test:8080\r\nConnection: close\r\n\r\n"],
    [
      { method: "POST" },
      "POST /a?b=c HTTP/1.1\r\nHost: one.test:8080\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
    ],
    [
      { method: "PUT", body: "{\u00e9}" },
      "PUT /a?b=c HTTP/1.1\r\nHost: one.test:8080\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\n{\u00e9}",
    ],
  ])("%j", async (change, expected) => {
    expect(await text(change)).toEqual({ text: expected });
  });

  test.each([
    [{ method: "GET /" }, "the method is no word"],
    [{ method: "" }, "the method is no word"],
    [{ host: "a b" }, "the host or the port is none"],
    [{ host: "a/b" }, "the host or the port is none"],
    [{ host: "a\r\nX: y" }, "the host or the port is none"],
    [{ host: "" }, "the host or the port is none"],
    [{ port: 0 }, "the host or the port is none"],
    [{ port: 65536 }, "the host or the port is none"],
    [{ port: 80.5 }, "the host or the port is none"],
    [{ path: "a" }, "the path is no path, or has a space in it"],
    [{ path: "/a b" }, "the path is no path, or has a space in it"],
    [{ path: "/a\nb" }, "the path is no path, or has a space in it"],
    [{ path: "/a\u007fb" }, "the path is no path, or has a space in it"],
    [{ headers: { "a b": "c" } }, "a header's name is no word"],
    [{ headers: { "": "c" } }, "a header's name is no word"],
    [{ headers: { "a:": "c" } }, "a header's name is no word"],
    [{ headers: { a: "b\r\nX: y" } }, "the header a has a line break in it"],
    [{ headers: { a: "b\rc" } }, "the header a has a line break in it"],
    [{ headers: { a: "b\nc" } }, "the header a has a line break in it"],
    [{ headers: { a: "b\u0000c" } }, "the header a has a line break in it"],
    [{ headers: { "content-length": "5" } }, "the header content-length is made from the body: leave it out"],
    [{ headers: { "Transfer-Encoding": "x" } }, "the header Transfer-Encoding is made from the body: leave it out"],
  ])("%j is refused", async (change, flaw) => {
    expect(await text(change)).toEqual({ flaw });
  });

  test("whatever stands in it, it has the lines that it should have and no other", async () => {
    const anything = fc.string({ unit: "binary-ascii", maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(anything, anything, anything, anything, async (method, path, name, value) => {
        const { text: sent, flaw } = await text({ method, path: `/${path}`, headers: { [name]: value } });
        if (sent === undefined) expect(flaw).toBeDefined();
        else expect(sent.split(/[\r\n]+/).filter((line) => line !== "").length).toBeLessThanOrEqual(5);
      }),
      { numRuns: 1000 },
    );
  });
});

describeWithLuaJit(`servers and hosts${reason}`, () => {
  test.each([
    ["10.0.0.1", { host: "10.0.0.1", port: 53 }],
    ["10.0.0.1:5353", { host: "10.0.0.1", port: 5353 }],
    ["::1", { host: "::1", port: 53 }],
    ["[::1]", { host: "::1", port: 53 }],
    ["[2001:db8::1]:5353", { host: "2001:db8::1", port: 5353 }],
    ["dns.internal:53", { host: "dns.internal", port: 53 }],
    ["10.0.0.1:0", undefined],
    ["10.0.0.1:65536", undefined],
    ["", undefined],
  ])("the DNS server %s", async (written, expected) => {
    expect(await lua.call("autoscale.runtime.dns-servers", "dnsServer", written)).toEqual(expected);
  });

  test.each([
    ["nameserver 10.0.0.1\n", ["10.0.0.1"]],
    ["# nameserver 10.0.0.9\nsearch a b\n  nameserver\t::1 \nnameserver 10.0.0.2", ["::1", "10.0.0.2"]],
    [
      "nameserver 1.0.0.1\nnameserver 1.0.0.2\nnameserver 1.0.0.3\nnameserver 1.0.0.4\n",
      ["1.0.0.1", "1.0.0.2", "1.0.0.3"],
    ],
    ["options nameserver 10.0.0.1\n", ["127.0.0.1"]],
    ["", ["127.0.0.1"]],
  ])("resolv.conf %j", async (text, hosts) => {
    const servers = await lua.call("autoscale.runtime.dns-servers", "systemServers", text);
    expect(servers).toEqual(hosts.map((host) => ({ host, port: 53 })));
  });

  const KUBERNETES = "search shop.svc.cluster.local svc.cluster.local\noptions ndots:5 timeout:1\n";
  test.each([
    ["users", "", ["users"]],
    ["users", "search a.test b.test\n", ["users.a.test", "users.b.test", "users"]],
    ["users.shop", "search a.test\n", ["users.shop", "users.shop.a.test"]],
    ["users.", "search a.test\n", ["users."]],
    ["users", "domain a.test\nsearch b.test\n", ["users.b.test", "users"]],
    ["users", "# search a.test\nsearch .\n", ["users"]],
    ["users", KUBERNETES, ["users.shop.svc.cluster.local", "users.svc.cluster.local", "users"]],
    [
      "a.b.c.d.e.test",
      KUBERNETES,
      ["a.b.c.d.e.test", "a.b.c.d.e.test.shop.svc.cluster.local", "a.b.c.d.e.test.svc.cluster.local"],
    ],
    [
      "users",
      `search ${Array.from({ length: 9 }, (_one, index) => `d${String(index)}`).join(" ")}\n`,
      [0, 1, 2, 3, 4, 5].map((n) => `users.d${String(n)}`).concat("users"),
    ],
  ])("%s is looked for by %j", async (name, resolvConf, names) => {
    expect(await lua.call("autoscale.runtime.dns-search", "namesToAsk", name, resolvConf)).toEqual(names);
  });

  test.each([
    ["localhost", "127.0.0.1"],
    ["::1", "[::1]"],
    ["[::1]", "[::1]"],
    ["10.0.0.1", "10.0.0.1"],
    ["one.test", "one.test"],
  ])("%s is dialed as %s", async (host, dialed) => {
    expect(await lua.call("autoscale.runtime.dialed-host", "dialedHost", host)).toBe(dialed);
  });
});
