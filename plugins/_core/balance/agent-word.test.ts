import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAgentWords } from "./agent-word.ts";

const NOTHING = { share: undefined, draining: undefined, down: undefined, up: undefined, maxConnections: undefined };

describe("parseAgentWords", () => {
  it.each([
    ["75%", { share: 0.75 }],
    ["0%", { share: 0 }],
    ["150%", { share: 1.5 }],
    ["drain", { draining: true }],
    ["ready", { draining: false, down: false }],
    ["maint", { draining: false, down: true }],
    ["up", { down: false, up: true }],
    ["down", { down: true }],
    ["stopped", { down: true }],
    ["fail", { down: true }],
    ["maxconn:30", { maxConnections: 30 }],
    ["up 75% maxconn:30", { down: false, up: true, share: 0.75, maxConnections: 30 }],
    ["75%,maxconn:30,maint,down", { share: 0.75, maxConnections: 30, draining: false, down: true }],
    // Administrative and operational words are of two kinds; who is in maintenance is down whatever it feels.
    ["maint up", { draining: false, down: true }],
    ["ready down", { draining: false, down: true }],
    ["drain up", { draining: true, down: false, up: true }],
    // The last of a kind counts.
    ["drain ready", { draining: false, down: false }],
    ["10% 20%", { share: 0.2 }],
    ["down up", { down: false, up: true }],
    ["maxconn:1 maxconn:2", { maxConnections: 2 }],
    // Any case, any delimiters, only one line, and no reasons.
    ["\tUP,  Ready\r\n down", { down: false, up: true, draining: false }],
    ["fail#up or not, 50% sure", { down: true }],
    // What is not known is passed over.
    ["up hello world 12 -5% x% % maxconn: maxconn:x maxconn:-1 99%x", { down: false, up: true }],
    ["50% x%", { share: 0.5 }],
    ["maxconn:5 maxconn:x", { maxConnections: 5 }],
    ["", {}],
    [" ,\t", {}],
  ])("%j", (line, expected) => {
    expect(parseAgentWords(line)).toEqual({ ...NOTHING, ...expected });
  });

  it("reads the first 255 bytes", () => {
    expect(parseAgentWords(`${" ".repeat(252)}up`).up).toBe(true);
    expect(parseAgentWords(`${" ".repeat(255)}up`)).toEqual(NOTHING);
  });

  it("takes any text", () => {
    const word = fc.constantFrom(
      "up",
      "down",
      "drain",
      "ready",
      "maint",
      "50%",
      "maxconn:7",
      "#",
      "\n",
      "%",
      ":",
      " ",
      ",",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string())), (words) => {
        const { share, maxConnections, up, down } = parseAgentWords(words.join(" "));
        expect((share ?? 0) >= 0 && (maxConnections ?? 0) >= 0).toBe(true);
        expect(up === true && down === true).toBe(false);
      }),
    );
  });
});
