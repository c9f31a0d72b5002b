import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { json } from "../../../test/harness/discovery-rig.ts";
import { parseTargets } from "./parse-targets.ts";

const parse = (text: string) => parseTargets(json.decode(text));

describe("parseTargets", () => {
  it("takes texts and objects, in a list or in the field targets", () => {
    const peers = [
      { host: "10.0.0.1", port: 80, weight: 1, priority: 0 },
      { host: "fd00::1", port: 8080, weight: 1, priority: 0 },
      { host: "10.0.0.2", port: 65535, weight: 1000, priority: 100, zone: "a", draining: true },
      { host: "10.0.0.3", port: 81, weight: 2, priority: 0 },
    ];
    const list = JSON.stringify([
      "10.0.0.1:80",
      "[FD00::1]:8080",
      { host: "10.0.0.2", port: 65535, weight: 1000, priority: 100, zone: "a", draining: true },
      { host: "10.0.0.3", port: "81", weight: "2", priority: null, comment: "not known" },
    ]);
    expect(parse(list)).toEqual({ peers });
    expect(parse(`{"targets": ${list}}`)).toEqual({ peers });
  });

  it("takes a peer that is there twice once, as it is the first time", () => {
    expect(parse('[{"host":"10.0.0.1","port":80,"weight":3},"10.0.0.1:80"]').peers).toHaveLength(1);
    expect(parse('[{"host":"10.0.0.1","port":80,"weight":3},"10.0.0.1:80"]').peers?.[0]?.weight).toBe(3);
  });

  test.each([
    ['"127.0.0.1:80"', "it is not a list of targets"],
    ["5", "it is not a list of targets"],
    [
      '{"servers": ["127.0.0.1:9"]}',
      "it is not a list of targets, and has none without nulls in it as its field targets",
    ],
    [
      '{"targets": "127.0.0.1:9"}',
      "it is not a list of targets, and has none without nulls in it as its field targets",
    ],
    [
      '["127.0.0.1:9", null, "127.0.0.1:8"]',
      "it is not a list of targets, and has none without nulls in it as its field targets",
    ],
    ['["example.org:80"]', "a peer needs an IP address as host"],
    [`["${"[".repeat(54)}"]`, "a peer needs an IP address as host"],
    ['["127.0.0.1"]', "a peer needs an IP address as host"],
    ['["::1:80"]', "a peer needs an IP address as host"],
    ['["[127.0.0.1]:80"]', "a peer needs an IP address as host"],
    ["[{}]", "a peer needs an IP address as host"],
    ['["127.0.0.1:99999"]', "peer 127.0.0.1 needs a port from 1 to 65535"],
    ['["127.0.0.1:"]', "peer 127.0.0.1 needs a port from 1 to 65535"],
    ['[{"host": "127.0.0.1"}]', "peer 127.0.0.1 needs a port from 1 to 65535"],
    ['[{"host": "127.0.0.1", "port": 80.5}]', "peer 127.0.0.1 needs a port from 1 to 65535"],
    [
      '[{"host": "::1", "port": 80, "weight": 0}]',
      "peer ::1 needs a weight from 1 to 1000 and a priority from 0 to 100",
    ],
    [
      '[{"host": "::1", "port": 80, "priority": 101}]',
      "peer ::1 needs a weight from 1 to 1000 and a priority from 0 to 100",
    ],
    ['["127.0.0.1:9", 5]', "a peer needs an IP address as host"],
  ])("refuses %s", (text, problem) => {
    expect(parse(text)).toEqual({ problem });
  });

  test.each(["[]", "{}", '{"targets": []}', '{"targets": null}'])(
    "%s names no peer: whether that is an outage is not said here",
    (text) => {
      expect(parse(text)).toEqual({ peers: [] });
    },
  );

  it("keeps 10,000 peers and says that there are more", () => {
    const many = Array.from({ length: 10_002 }, (_, index) => `10.0.${Math.floor(index / 250)}.${index % 250}:80`);
    const { peers, note } = parse(JSON.stringify(many));
    expect(peers).toHaveLength(10_000);
    expect(note).toBe("2 left out: at most 10000 peers of a source are used");
  });

  it("throws at nothing", () => {
    const near = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("10.0.0.1:80", ":", "[", "[]:", 80, true),
        tie("list"),
        tie("object"),
      ),
      list: fc.array(tie("value")),
      object: fc.dictionary(fc.constantFrom("targets", "host", "port", "weight", "length", "0"), tie("value")),
    }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), near.value), (value) => {
        const { peers, problem } = parse(JSON.stringify(value));
        expect(peers === undefined).toBe(problem !== undefined);
      }),
      { numRuns: 1000 },
    );
  });
});
