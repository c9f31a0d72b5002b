/** What a cluster would make of the kubernetes target's files: its objects, and the files of the pod. */
import { parse } from "yaml";

/* eslint-disable @typescript-eslint/no-explicit-any -- manifests are read as a cluster gets them: untyped */
export type Manifest = Record<string, any>;

/** Every object in the folder that `kubectl apply -f` is given, in its order; YAML as kubectl reads it. */
export function appliedObjects(files: ReadonlyMap<string, string>, folder = ""): Manifest[] {
  const within = [...files].filter(([path]) => path.startsWith(folder) && !path.slice(folder.length).includes("/"));
  return within
    .filter(([path]) => /\.(ya?ml|json)$/.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => parse(text, { version: "1.1" }) as Manifest);
}

export function objectOf(objects: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = objects.find((one) => one["kind"] === kind && (name === undefined || one["metadata"].name === name));
  if (found === undefined) throw new Error(`no ${kind} ${name ?? ""}`);
  return found;
}

/** Mount path to what the kubelet would put there: path below it to bytes. An empty folder is one to write to. */
export type PodFolders = ReadonlyMap<string, ReadonlyMap<string, Buffer>>;

/** The volumes of the Deployment's container, filled from the ConfigMaps and Secrets that stand beside it. */
export function podFolders(objects: readonly Manifest[]): PodFolders {
  const { containers, volumes } = objectOf(objects, "Deployment")["spec"].template.spec;
  const mounts = containers[0].volumeMounts as { name: string; mountPath: string }[];
  return new Map(
    mounts.map(({ name, mountPath }) => {
      const volume = (volumes as Manifest[]).find((one) => one["name"] === name);
      if (volume === undefined) throw new Error(`no volume ${name}`);
      const sources = (volume["projected"]?.sources ?? []) as Manifest[];
      return [mountPath, new Map(sources.flatMap((source) => filesOf(source, objects)))];
    }),
  );
}

function filesOf(source: Manifest, objects: readonly Manifest[]): (readonly [string, Buffer])[] {
  const kind = source["secret"] === undefined ? "ConfigMap" : "Secret";
  const { name, items } = (source["secret"] ?? source["configMap"]) as Manifest;
  const object = objectOf(objects, kind, name as string);
  return (items as { key: string; path: string }[]).map(({ key, path }) => {
    const text = kind === "ConfigMap" ? (object["data"]?.[key] as string | undefined) : undefined;
    const base64 = (kind === "Secret" ? object["data"] : object["binaryData"])?.[key] as string | undefined;
    if (text === undefined && base64 === undefined) throw new Error(`${kind} ${String(name)} has no ${key}`);
    return [path, text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text)] as const;
  });
}
