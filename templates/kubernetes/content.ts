/** The bundle as ConfigMaps and Secrets, and the volumes that put its files back where they were. */
import { createHash, scryptSync } from "node:crypto";
import { AutoscaleError } from "../../cli/errors.ts";
import type { Plan } from "../../cli/build/target.ts";
import { type KubernetesObject, metadataOf } from "./kubernetes-object.ts";
import { isPlainText } from "./manifest-text.ts";
import { dataKeys } from "./names.ts";
import { secretValues } from "./secret-values.ts";

/** Kubernetes refuses an object whose data are larger. */
const LARGEST_FILE_BYTES = 1024 * 1024 - 4096;

/** `kubectl apply` keeps a copy of the object in an annotation, and annotations hold 256 KiB. */
const LARGEST_OBJECT_BYTES = 200 * 1024;

/** The settings: tokens and the plugins' configurations. */
const SETTINGS = "lua/autoscale/gateway.lua";

type Files = readonly (readonly [path: string, text: string])[];

/** One folder of the bundle, e.g. `conf`, as the sources of a projected volume. */
export interface ContentVolume {
  readonly folder: string;
  readonly sources: readonly object[];
}

export interface Content {
  readonly configMaps: readonly KubernetesObject[];
  readonly secrets: readonly KubernetesObject[];
  readonly volumes: readonly ContentVolume[];
}

/** What nginx reads: maps are for people. */
const isServed = (path: string): boolean => !path.startsWith("maps/");

/**
 * Names end in a hash of what is in them, and the objects are immutable: a pod keeps the files it began with, and going
 * back to an old pod template goes back to its files.
 * @throws AutoscaleError when a file is too large for any object
 */
export function contentOf(plan: Plan, bundle: ReadonlyMap<string, string>): Content {
  const files = [...bundle].filter(([path]) => isServed(path)).sort(([a], [b]) => (a < b ? -1 : 1));
  refuseLarge(files);
  const secrets = secretValues(plan);
  const isSecret = (path: string, text: string): boolean => {
    return path === SETTINGS || secrets.some((secret) => text.includes(secret));
  };
  const parts = [...foldersOf(files)].map(([folder, within]) => ({
    folder,
    open: chunksOf(within.filter(([path, text]) => !isSecret(path, text))).map((chunk, index) => {
      return partOf(folder, chunk, configMap(plan, `${folder}-${index + 1}`, chunk));
    }),
    hidden: chunksOf(within.filter(([path, text]) => isSecret(path, text))).map((chunk, index) => {
      return partOf(folder, chunk, secret(plan, `${folder}-${index + 1}`, chunk));
    }),
  }));
  return {
    configMaps: parts.flatMap(({ open }) => open.map(({ object }) => object)),
    secrets: parts.flatMap(({ hidden }) => hidden.map(({ object }) => object)),
    volumes: parts.map(({ folder, open, hidden }) => ({
      folder,
      sources: [...open, ...hidden].map(({ source }) => source),
    })),
  };
}

function foldersOf(files: Files): ReadonlyMap<string, Files> {
  const folders = new Map<string, (readonly [string, string])[]>();
  for (const file of files) {
    const folder = file[0].slice(0, file[0].indexOf("/"));
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}

/** In the order of the files, as many as fit into one object. */
function chunksOf(files: Files): readonly Files[] {
  const chunks: (readonly [string, string])[][] = [];
  let size = Infinity;
  for (const file of files) {
    const own = bytesOf(file);
    if (size + own > LARGEST_OBJECT_BYTES) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(file);
    size += own;
  }
  return chunks;
}

/** In the copy that kubectl keeps, where every line feed and quote takes two. */
const bytesOf = ([path, text]: readonly [string, string]): number => {
  return Math.max(Buffer.byteLength(JSON.stringify(text)), base64(text).length) + path.length + 8;
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");

function partOf(folder: string, files: Files, object: KubernetesObject) {
  const keys = dataKeys(files.map(([path]) => path));
  const items = files.map(([path]) => ({ key: keys.get(path), path: path.slice(folder.length + 1) }));
  const field = object.kind === "Secret" ? "secret" : "configMap";
  return { object, source: { [field]: { name: object.metadata.name, items } } };
}

function configMap(plan: Plan, part: string, files: Files): KubernetesObject {
  const keys = dataKeys(files.map(([path]) => path));
  const fieldOf = (take: Files, value: (text: string) => string): object | undefined => {
    return take.length === 0
      ? undefined
      : (Object.fromEntries(take.map(([path, text]) => [keys.get(path), value(text)])) as object);
  };
  const hash = createHash("sha256").update(JSON.stringify(files)).digest("hex");
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(plan, `${plan.gateway.kubernetes.name}-${part}-${hash.slice(0, 10)}`, "gateway"),
    immutable: true,
    data: fieldOf(
      files.filter(([, text]) => isPlainText(text)),
      (text) => text,
    ),
    binaryData: fieldOf(
      files.filter(([, text]) => !isPlainText(text)),
      base64,
    ),
  };
}

/**
 * The name is seen by more people than the Secret: its hash is a slow one, so that guessing a token by it is no faster
 * than asking the gateway.
 */
function secret(plan: Plan, part: string, files: Files): KubernetesObject {
  const keys = dataKeys(files.map(([path]) => path));
  const hash = scryptSync(JSON.stringify(files), "autoscale-lua", 5).toString("hex");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(plan, `${plan.gateway.kubernetes.name}-${part}-${hash}`, "gateway"),
    immutable: true,
    type: "Opaque",
    data: Object.fromEntries(files.map(([path, text]) => [keys.get(path), base64(text)])),
  };
}

function refuseLarge(files: Files): void {
  const tooLarge = files.filter(([, text]) => base64(text).length > LARGEST_FILE_BYTES);
  if (tooLarge.length === 0) return;
  throw new AutoscaleError(
    tooLarge.map(([path, text]) => ({
      code: "E_KUBERNETES_SIZE",
      message: `found ${path} with ${Buffer.byteLength(text)} bytes, allowed: ${(LARGEST_FILE_BYTES / 4) * 3}`,
      remedy: "A ConfigMap holds 1 MiB. Split the plugin's module, or put dist/openresty into an image of your own.",
    })),
  );
}
