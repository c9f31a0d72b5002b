import fc from "fast-check";
import { type DnsQuestion, decodeAnswer, encodeQuery } from "../../plugins/_core/dns-message.ts";
import { nameBytes, plainName } from "../../plugins/_core/dns-name.ts";
import { ipv6Text } from "../../plugins/_core/ipv6-text.ts";
import { differential } from "../harness/differential.ts";
import { answerBytes, questionBytes, type ZoneRecord } from "../harness/dns-wire.ts";

const text = fc.string({ unit: fc.constantFrom("a", "Z", "0", "9", "-", "_", ".", " ", "/"), maxLength: 70 });
const question: DnsQuestion = { id: 258, name: "users.test", type: "SRV" };

const records: readonly ZoneRecord[] = [
  { type: "CNAME", ttl: 4294967295, target: "Web.users.test" },
  { type: "SRV", ttl: 2147483648, priority: 1, weight: 65535, port: 8080, target: "one.\u00e9.test" },
  { type: "A", ttl: 60, address: "10.0.0.255" },
  { type: "AAAA", ttl: 60, address: "2001:db8::ff" },
];
const owners = fc.constantFrom("users.test", "web.users.test", "other");
const answers = fc.array(fc.record({ name: owners, record: fc.constantFrom(...records) }), { maxLength: 6 });

/** Answers as servers write them, and with bytes changed and cut off. */
const messages = fc
  .tuple(
    answers,
    fc.boolean(),
    fc.array(fc.tuple(fc.nat({ max: 250 }), fc.nat({ max: 255 })), { maxLength: 2 }),
    fc.nat(),
  )
  .map(([list, compress, changes, cut]) => {
    const bytes = [...answerBytes({ id: 258, question: questionBytes("users.test", "SRV"), answers: list, compress })];
    for (const [place, value] of changes) if (place < bytes.length) bytes[place] = value;
    return cut % 4 === 0 ? bytes.slice(0, cut % bytes.length) : bytes;
  });

differential("plainName", { module: "autoscale.core.dns-name", ts: plainName, arbitrary: fc.tuple(text) });

differential("nameBytes", {
  module: "autoscale.core.dns-name",
  ts: nameBytes,
  cases: { nothing: [""], "the longest": [`${"abcdefg.".repeat(31)}abcde`] },
  arbitrary: fc.tuple(text),
});

differential("encodeQuery", {
  module: "autoscale.core.dns-message",
  ts: encodeQuery,
  arbitrary: fc.tuple(fc.record({ id: fc.nat({ max: 65535 }), name: text, type: fc.constantFrom("A", "AAAA", "SRV") })),
});

differential("decodeAnswer", {
  module: "autoscale.core.dns-message",
  ts: decodeAnswer,
  cases: { nothing: [[], question] },
  arbitrary: fc.tuple(
    messages,
    fc.constantFrom(question, { ...question, type: "A" as const }, { ...question, type: "AAAA" as const }),
  ),
  runs: 3000,
});

differential("ipv6Text", {
  module: "autoscale.core.ipv6-text",
  ts: ipv6Text,
  arbitrary: fc.tuple(
    fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 255 })), { minLength: 16, maxLength: 20 }),
    fc.nat({ max: 4 }),
  ),
});
