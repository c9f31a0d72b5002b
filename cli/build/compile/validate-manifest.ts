import type { Problem } from "../../errors.ts";

const PHASES = new Set(["rewrite", "access", "select_upstream", "header_filter", "body_filter", "log"]);
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const VERSION = /^\d+\.\d+\.\d+$/;
const DICT = /^[a-z][a-z0-9_]*$/;
const FUNCTIONS = ["phasesOf", "check", "upstreams", "stateName", "sharedStates"] as const;

type Found = Readonly<Record<string, unknown>>;

/**
 * Checks what a `manifest.ts` exports by default: its author may have written it without TypeScript's help.
 * @param folder the plugin's folder name, which must be its name
 * @returns `E_PLUGIN_MANIFEST` problems with the path in the manifest; the caller knows the file
 */
export function validateManifest(manifest: unknown, folder: string): Problem[] {
  if (!isRecord(manifest)) {
    return [fault("default", manifest, "a manifest", "End manifest.ts with: export default definePlugin({ … });")];
  }
  return [
    ...checkIdentity(manifest, folder),
    ...checkPriority(manifest["priority"]),
    ...checkPhases(manifest["phases"]),
    ...checkEarly(manifest["early"]),
    ...checkDicts(manifest["dicts"]),
    ...checkSchema(manifest["config"]),
    ...FUNCTIONS.filter((key) => manifest[key] !== undefined && typeof manifest[key] !== "function").map((key) =>
      fault(key, manifest[key], "a function, or nothing"),
    ),
  ];
}

function checkIdentity({ name, version, description }: Found, folder: string): Problem[] {
  const problems: Problem[] = [];
  if (typeof name !== "string" || !NAME.test(name)) {
    problems.push(fault("name", name, "kebab-case letters and digits"));
  } else if (name !== folder) {
    problems.push(fault("name", name, `the folder's name "${folder}"`, "Rename the folder or the plugin."));
  }
  if (typeof version !== "string" || !VERSION.test(version)) problems.push(fault("version", version, "x.y.z"));
  if (typeof description !== "string" || description.length < 10 || description.length > 500) {
    problems.push(fault("description", description, "one sentence of 10 to 500 characters"));
  }
  return problems;
}

function checkPriority(priority: unknown): Problem[] {
  if (!isRecord(priority)) return [fault("priority", priority, "{ openresty, kong, apisix }")];
  return ["openresty", "kong", "apisix"]
    .filter((host) => !Number.isInteger(priority[host]))
    .map((host) => fault(`priority.${host}`, priority[host], "an integer"));
}

function checkPhases(phases: unknown): Problem[] {
  if (!Array.isArray(phases)) return [fault("phases", phases, "a list of phases")];
  return phases.flatMap((phase: unknown, index) =>
    typeof phase === "string" && PHASES.has(phase)
      ? []
      : [fault(`phases[${String(index)}]`, phase, [...PHASES].join(", "))],
  );
}

function checkEarly(early: unknown): Problem[] {
  return early === undefined || typeof early === "boolean" ? [] : [fault("early", early, "true, false, or nothing")];
}

function checkDicts(dicts: unknown): Problem[] {
  if (!Array.isArray(dicts)) return [fault("dicts", dicts, "a list of shared dicts' names, maybe empty")];
  return dicts.flatMap((dict: unknown, index) =>
    typeof dict === "string" && DICT.test(dict)
      ? []
      : [fault(`dicts[${String(index)}]`, dict, "lower-case letters, digits and _")],
  );
}

function checkSchema(config: unknown): Problem[] {
  if (isRecord(config) && config["kind"] === "record") return [];
  return [fault("config", config, "a record schema", "Write: config: schema.record({ … }).")];
}

function isRecord(value: unknown): value is Found {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fault(path: string, found: unknown, allowed: string, remedy?: string): Problem {
  const message = `found ${show(found)}, allowed: ${allowed}`;
  return { code: "E_PLUGIN_MANIFEST", path, message, ...(remedy === undefined ? {} : { remedy }) };
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return `a ${typeof value}`;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
