/** What README and guides tell people to type is there. */
import { describe, expect, test } from "vitest";
import { createProgram } from "../../cli/program.ts";
import { AutoscaleError, formatProblem } from "../../cli/errors.ts";
import { planSample } from "../harness/render-sample.ts";
import { gatewayListings } from "./listings.ts";
import { projectFiles, read } from "./repository.ts";

const program = createProgram((error) => {
  throw error;
});

/** Why a command line would be refused, or undefined. Only names are looked at, nothing runs. */
function fault(line: string): string | undefined {
  const [verb = "", ...words] = line.trim().split(/\s+/);
  const options = words.filter((word) => word.startsWith("--")).map((word) => word.replace(/=.*/, ""));
  const command = program.commands.find((one) => one.name() === verb);
  const inner = command?.commands.find((one) => one.name() === words[0]);
  const global = [...program.options, { long: "--help" }].map((option) => option.long);
  if (verb.startsWith("--")) return global.includes(verb) ? undefined : `no option ${verb}`;
  if (command === undefined) return `no command ${verb}`;
  if (command.commands.length > 0 && inner === undefined && words.length > 0) return `no command ${verb} ${words[0]}`;
  const known = [...command.options, ...(inner?.options ?? [])].map((option) => option.long).concat(global);
  const unknown = options.find((option) => !known.includes(option));
  return unknown === undefined ? undefined : `${verb} has no option ${unknown}`;
}

/** Command lines in code: what follows `autoscale-lua` up to the end of the code, the line or a comment. */
function commandLines(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|bash)\n(.*?)^```/gms)].map(([, body = ""]) => body);
  const inline = [...markdown.replaceAll(/^```.*?^```/gms, "").matchAll(/`([^`\n]+)`/g)].map(([, body = ""]) => body);
  return [...blocks, ...inline].flatMap((code) => {
    return [...code.matchAll(/^(?:npx )?autoscale-lua +([^\n#|>]+)/gm)].map(([, rest = ""]) => rest.trim());
  });
}

const documents = ["README.md", ...projectFiles("docs/*.md"), ...projectFiles("examples/**/*.md")];
const shown = documents.flatMap((path) => commandLines(read(path)).map((line) => ({ path, line })));

test("documents show the command line", () => {
  expect(shown.length).toBeGreaterThan(6);
});

test.each(shown)("$path: autoscale-lua $line", ({ line }) => {
  expect(fault(line)).toBeUndefined();
});

test("a command or option that is not there is noticed", () => {
  const lines = commandLines(
    "`autoscale-lua biuld x`\n```sh\nautoscale-lua build --uot x # why\n```\n`autoscale-lua list`\n" +
      "`autoscale-lua control breaker x open --for 5m`\n`autoscale-lua control breaker x open --fro 5m`\n" +
      "`autoscale-lua control braker x open`\n",
  );
  expect(lines.map(fault)).toEqual([
    "build has no option --uot",
    "no command biuld",
    undefined,
    undefined,
    "control has no option --fro",
    "no command control braker",
  ]);
});

describe("the plugin that the README shows", () => {
  const listings = [...read("README.md").matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```/gms)];

  test("is the one in examples/own-plugin", () => {
    expect(listings.map(([, path]) => path)).toEqual([
      "plugins/shed-when-busy/manifest.ts",
      "plugins/shed-when-busy/plugin.ts",
    ]);
  });

  test.each(listings.map(([, path = "", text = ""]) => ({ path, text })))("$path", ({ path, text }) => {
    const code = (source: string): string => source.replaceAll(/^\s*(?:\/\*\*.*?\*\/|\/\/[^\n]*)\n/gms, "").trim();
    expect(code(text)).toBe(code(read(`examples/own-plugin/${path}`)));
  });
});

test("the mistake that the README shows is told in these words", () => {
  const readme = read("README.md");
  const written = (gatewayListings(readme)[0]?.text ?? "").replace("failure_rate", "failur_rate");
  const shown = /^```\nerror (.*?)\n```$/ms.exec(readme)?.[1];
  const told = (): string => {
    try {
      planSample(written);
    } catch (error) {
      if (error instanceof AutoscaleError) return error.problems.map(formatProblem).join("\n");
      throw error;
    }
    return "nothing";
  };
  expect(told()).toBe(shown);
});
