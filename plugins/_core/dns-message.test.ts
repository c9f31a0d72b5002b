import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  answerBytes,
  type AnswerRecord,
  pairBytes,
  questionBytes,
  questionName,
  type WireAnswer,
  type ZoneRecord,
} from "../../test/harness/dns-wire.ts";
import { decodeAnswer, type DnsQuestion, encodeQuery } from "./dns-message.ts";
import { plainName } from "./dns-name.ts";

const question: DnsQuestion = { id: 4711, name: "users.test", type: "A" };

const label = fc.string({ unit: fc.constantFrom("a", "b", "z", "0", "9", "-", "_"), minLength: 1, maxLength: 12 });
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
const pair = fc.nat({ max: 65535 });
const ttl = fc.nat({ max: 2147483647 });
const ipv4 = fc.ipV4();

const wholeAnswer = { id: question.id, question: questionBytes(question.name, question.type) };

/** What an answer says to a question. */
function read(answer: Partial<WireAnswer>, asked: DnsQuestion = question) {
  const whole = answerBytes({ id: asked.id, question: questionBytes(asked.name, asked.type), ...answer });
  return decodeAnswer([...whole], asked);
}

const a = (address: string, seconds = 60): ZoneRecord => ({ type: "A", ttl: seconds, address });
const cname = (target: string, seconds = 60): ZoneRecord => ({ type: "CNAME", ttl: seconds, target });

describe("a query", () => {
  test("is one question, with recursion desired", () => {
    const bytes = Buffer.from(encodeQuery({ id: 0x1234, name: "a.bc", type: "SRV" }) ?? []);
    expect(bytes.toString("hex")).toBe("123401000001000000000000" + "0161026263000021" + "0001");
  });

  test("asks for what it was made of", () => {
    fc.assert(
      fc.property(pair, name, fc.constantFrom("A", "AAAA", "SRV"), (id, asked, type) => {
        const bytes = Buffer.from(encodeQuery({ id, name: asked, type }) ?? []);
        expect(bytes.subarray(0, 12)).toEqual(pairBytes(id, 0x0100, 1, 0, 0, 0));
        expect(bytes.subarray(12)).toEqual(questionBytes(asked, type));
        expect(questionName(bytes.subarray(12))).toBe(asked);
      }),
    );
  });

  test.each(["", ".", "a..b", ".a", "a b", "a/b", "ä", "a\u0000b", "x".repeat(64), `${"abcdefg.".repeat(32)}a`])(
    "is not made of %j",
    (text) => {
      expect(encodeQuery({ id: 1, name: plainName(text), type: "A" })).toBeUndefined();
    },
  );

  test("takes a name of the greatest length", () => {
    const longest = `${"abcdefg.".repeat(31)}abcde`;
    expect(encodeQuery({ id: 1, name: longest, type: "A" })).toHaveLength(12 + 255 + 4);
    expect(encodeQuery({ id: 1, name: `${longest}f`, type: "A" })).toBeUndefined();
  });

  test("has no capitals and no dot at the end", () => {
    expect(plainName("Users.Test.")).toBe("users.test");
  });
});

describe("an answer", () => {
  test("gives what a server wrote, with names compressed or not", () => {
    const records = fc.array(
      fc.oneof(
        fc.record({ type: fc.constant("A" as const), ttl, address: ipv4 }),
        fc.record({
          type: fc.constant("SRV" as const),
          ttl,
          priority: pair,
          weight: pair,
          port: pair,
          target: name,
        }),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(records, name, fc.boolean(), fc.constantFrom("A", "SRV"), (list, owner, compress, type) => {
        const answers: AnswerRecord[] = list.map((record) => ({ name: owner, record }));
        const reading = read({ answers, compress }, { id: 1, name: owner, type });
        const expected = list
          .filter((record) => record.type === type)
          .map((record) =>
            record.type === "A"
              ? { type, host: record.address, ttlSeconds: record.ttl, port: 0, priority: 0, weight: 0 }
              : {
                  type,
                  host: record.target,
                  ttlSeconds: record.ttl,
                  port: record.port,
                  priority: record.priority,
                  weight: record.weight,
                },
          );
        expect(reading).toEqual({ truncated: false, problem: undefined, records: expected });
      }),
    );
  });

  test("of IPv6 addresses", () => {
    const asked: DnsQuestion = { id: 9, name: "six.test", type: "AAAA" };
    const answers = [{ name: "six.test", record: { type: "AAAA", ttl: 5, address: "2001:db8::1" } as const }];
    expect(read({ answers }, asked)?.records[0]?.host).toBe("2001:db8::1");
  });

  test("its names are told in small letters, and what is odd in them so that no dot hides", () => {
    const target = "Web_1.a\u00ff b.test";
    const answers = [
      { name: "USERS.test", record: { type: "SRV", ttl: 1, priority: 1, weight: 2, port: 3, target } as const },
    ];
    expect(read({ answers }, { ...question, type: "SRV" })?.records[0]?.host).toBe("web_1.a\\255\\032b.test");
  });

  test.each([
    [1, "FORMERR"],
    [2, "SERVFAIL"],
    [3, "NXDOMAIN"],
    [5, "REFUSED"],
    [9, "RCODE 9"],
  ])("code %i is %s", (code, problem) => {
    expect(read({ code })).toEqual({ truncated: false, problem, records: [] });
  });

  test("that does not fit says so", () => {
    expect(read({ truncated: true })).toEqual({ truncated: true, problem: undefined, records: [] });
  });

  test("without records has no problem", () => {
    expect(read({})).toEqual({ truncated: false, problem: undefined, records: [] });
  });

  test("aliases are followed, in any order, and the shortest time counts", () => {
    const answers = [
      { name: "end.test", record: a("10.0.0.1", 300) },
      { name: "middle.test", record: cname("end.test", 20) },
      { name: "users.test", record: cname("Middle.test", 100) },
      { name: "users.test", record: a("10.0.0.9") },
      { name: "other.test", record: a("10.0.0.8") },
    ];
    expect(read({ answers })?.records).toEqual([
      { type: "A", host: "10.0.0.1", ttlSeconds: 20, port: 0, priority: 0, weight: 0 },
    ]);
  });

  test("aliases in a circle are a problem, and one to nowhere is nothing", () => {
    const circle = [
      { name: "users.test", record: cname("b.test") },
      { name: "b.test", record: cname("users.test") },
    ];
    expect(read({ answers: circle })?.problem).toBe("aliases go round in a circle");
    expect(read({ answers: circle.slice(0, 1) })).toMatchObject({ problem: undefined, records: [] });
  });

  test("records of another class than the internet's are none", () => {
    const bytes = [...answerBytes({ ...wholeAnswer, answers: [{ name: "users.test", record: a("10.0.0.1") }] })];
    const place = bytes.length - 4 - 2 - 4 - 1;
    expect(bytes[place]).toBe(1);
    bytes[place] = 3;
    expect(decodeAnswer(bytes, question)).toEqual({ truncated: false, problem: undefined, records: [] });
  });

  test("a service at the root is none", () => {
    const srv: ZoneRecord = { type: "SRV", ttl: 1, priority: 0, weight: 0, port: 0, target: "" };
    const reading = read({ answers: [{ name: "users.test", record: srv }] }, { ...question, type: "SRV" });
    expect(reading).toMatchObject({ problem: undefined, records: [] });
  });

  test("a time that is too long to be one is 0", () => {
    const answers = [
      { name: "users.test", record: a("10.0.0.1", 2147483648) },
      { name: "users.test", record: a("10.0.0.2", 2147483647) },
    ];
    expect(read({ answers })?.records.map(({ ttlSeconds }) => ttlSeconds)).toEqual([0, 2147483647]);
  });
});

describe("what is no answer to the question", () => {
  const right = { id: question.id, question: questionBytes("users.test", "A") };

  test.each<[string, Buffer]>([
    ["another id", answerBytes({ ...right, id: 4712 })],
    ["another name", answerBytes({ ...right, question: questionBytes("user.test", "A") })],
    ["another type", answerBytes({ ...right, question: questionBytes("users.test", "AAAA") })],
    ["a question", Buffer.concat([pairBytes(question.id, 0x0100, 1, 0, 0, 0), right.question])],
    ["another operation", Buffer.concat([pairBytes(question.id, 0x8980, 1, 0, 0, 0), right.question])],
    ["another class", answerBytes({ ...right, question: Buffer.from([...right.question.subarray(0, -1), 3]) })],
    ["no question", Buffer.concat([pairBytes(question.id, 0x8180, 0, 0, 0, 0), right.question])],
    ["two questions", Buffer.concat([pairBytes(question.id, 0x8180, 2, 0, 0, 0), right.question])],
    ["half of one", answerBytes(right).subarray(0, 20)],
    ["nothing", Buffer.alloc(0)],
  ])("%s is passed over", (_what, bytes) => {
    expect(decodeAnswer([...bytes], question)).toBeUndefined();
  });

  test("capitals do not make another name", () => {
    const bytes = answerBytes({ ...right, question: questionBytes("uSeRs.TEST", "A") });
    expect(decodeAnswer([...bytes], question)?.problem).toBeUndefined();
  });
});

describe("broken answers", () => {
  const head = (answers: number): Buffer =>
    Buffer.concat([pairBytes(question.id, 0x8180, 1, answers, 0, 0), questionBytes("users.test", "A")]);
  /** The owner, a pointer to the question's name; type A, class IN, 1 second. */
  const fixed = Buffer.from("c00c0001000100000001", "hex");
  const at = head(1).length;

  test.each<[string, Buffer]>([
    ["a record that is not there", head(1)],
    ["an address of three bytes", Buffer.concat([head(1), fixed, Buffer.from("0003010203", "hex")])],
    ["an address of five bytes", Buffer.concat([head(1), fixed, Buffer.from("00050102030405", "hex")])],
    ["data longer than the message", Buffer.concat([head(1), fixed, Buffer.from("0004010203", "hex")])],
    ["an IPv6 address that is not there", Buffer.concat([head(1), Buffer.from("c00c001c0001000000010010", "hex")])],
    ["text that is not there", Buffer.concat([head(1), Buffer.from("c00c00100001000000010001", "hex")])],
    ["a pointer to itself", Buffer.concat([head(1), pairBytes(0xc000 + at), fixed.subarray(2)])],
    ["half a pointer", Buffer.concat([head(1), Buffer.from([0xc0])])],
    [
      "a label of a kind that is not",
      Buffer.concat([
        head(1),
        Buffer.from([0x80, ...Buffer.alloc(128, 97), 0]),
        fixed.subarray(2),
        Buffer.from("000401020304", "hex"),
      ]),
    ],
    ["a label that goes past the end", Buffer.concat([head(1), Buffer.from([63, 97])])],
  ])("%s", (_what, bytes) => {
    expect(decodeAnswer([...bytes], question)).toEqual({ truncated: false, problem: "malformed answer", records: [] });
  });

  test("a name that grows past 255 bytes by pointers", () => {
    // Each of four owners has 62 letters in front of the one before.
    let message = head(5);
    let target = 12;
    for (let count = 0; count < 5; count++) {
      const place = message.length;
      const owner = Buffer.concat([Buffer.from([62]), Buffer.alloc(62, 97), pairBytes(0xc000 + target)]);
      message = Buffer.concat([message, owner, fixed.subarray(2), Buffer.from("000401020304", "hex")]);
      target = place;
    }
    expect(decodeAnswer([...message], question)?.problem).toBe("malformed answer");
  });

  test("pointers to pointers are followed for a while only", () => {
    const jumpsTo = (count: number): string | undefined => {
      // A record of text that is a chain of pointers, each to the one before, the first to the question's name.
      const from = at + 12;
      const chain = Array.from({ length: count }, (_, index) =>
        pairBytes(0xc000 + (index === 0 ? 12 : from + index * 2 - 2)),
      );
      const text = Buffer.concat([Buffer.from("c00c0010000100000001", "hex"), pairBytes(count * 2), ...chain]);
      const owner = pairBytes(0xc000 + from + count * 2 - 2);
      const address = Buffer.concat([owner, fixed.subarray(2), Buffer.from("000401020304", "hex")]);
      return decodeAnswer([...head(2), ...text, ...address], question)?.problem;
    };
    expect([jumpsTo(100), jumpsTo(6000)]).toEqual([undefined, "malformed answer"]);
  });

  test("no bytes make it throw or go on for ever", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.nat({ max: 9 }), fc.uint8Array({ maxLength: 200 }), (isAnswer, count, bytes) => {
        decodeAnswer([...(isAnswer ? head(count) : []), ...bytes], question);
      }),
      { numRuns: 5000 },
    );
  });

  test("no change of bytes in an answer makes it throw, and what it then says is well-formed", () => {
    const answers = [
      { name: "users.test", record: cname("web.users.test") },
      { name: "web.users.test", record: a("10.0.0.1") },
    ];
    const whole = answerBytes({ id: question.id, question: questionBytes("users.test", "A"), answers });
    const change = fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { maxLength: 3 });
    fc.assert(
      fc.property(change, fc.nat({ max: whole.length }), (changes, length) => {
        const bytes = [...whole.subarray(0, length)];
        for (const [place, value] of changes) if (place < length) bytes[place] = value;
        for (const { host, ttlSeconds } of decodeAnswer(bytes, question)?.records ?? []) {
          expect(host).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
          expect(ttlSeconds).toBeLessThan(2 ** 31);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
