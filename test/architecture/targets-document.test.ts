/** docs/targets.md is made from the targets. After a change that is meant: npx vitest run test/architecture/targets-document.test.ts -u */
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import type { Capability, Target } from "../../cli/build/target.ts";
import { loadTarget, targetNames } from "../../cli/build/targets.ts";
import { root } from "./repository.ts";

const WORDS = { full: "yes", partial: "in part", none: "no" } as const;

const HEAD = `# What the targets can do

Made from the \`capabilities\` in each target's \`target.ts\`; a test keeps it current. A dash: the target has nothing to say of
it. When a gateway.yaml asks for what its target does not do, or not in full, the build warns with \`W_TARGET_LIMIT\` and the
note below.
`;

function cell(target: Target, feature: string): string {
  const found = target.capabilities.find((capability) => capability.feature === feature);
  return found === undefined ? "–" : WORDS[found.support];
}

function table(targets: readonly Target[]): string {
  const features = [...new Set(targets.flatMap(({ capabilities }) => capabilities.map(({ feature }) => feature)))];
  const rows = features.map((feature) => [feature, ...targets.map((target) => cell(target, feature))]);
  const head = ["feature", ...targets.map(({ name }) => name)];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const note = ({ feature, support, note }: Capability): string => `- **${feature}**: ${WORDS[support]}; ${note}`;

function notes({ name, description, capabilities }: Target): string {
  return `## ${name}\n\n${description}\n\n${capabilities.map(note).join("\n")}\n`;
}

const targets = await Promise.all((await targetNames()).map(async (name) => (await loadTarget(name)).target));

test("docs/targets.md is current", async () => {
  const text = `${HEAD}\n${table(targets)}\n\n${targets.map(notes).join("\n")}`;
  await expect(await format(text, { parser: "markdown", printWidth: 120 })).toMatchFileSnapshot(
    join(root, "docs/targets.md"),
  );
});

test.each(targets)("$name says each feature once, and asks only of what it does not do in full", ({ capabilities }) => {
  const features = capabilities.map(({ feature }) => feature);
  expect(new Set(features).size).toBe(features.length);
  expect(capabilities.filter(({ support, askedAt }) => support === "full" && askedAt !== undefined)).toEqual([]);
});
