/**
 * Kubernetes' OpenAPI and KEDA's CRDs as published, by the packages that are made from them: their validators say what is
 * missing or of the wrong kind, their types what no such object has.
 */
import { ScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { Role } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
import { RoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Secret } from "kubernetes-models/v1/Secret";
import { Service } from "kubernetes-models/v1/Service";
import { ServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../cli/build/compile/places.ts";
import type { Manifest } from "./kubernetes-pod.ts";

interface Published {
  readonly package: string;
  readonly validate: (object: Manifest) => void;
}

const KUBERNETES = "kubernetes-models";

/** By apiVersion and kind. */
const SCHEMAS: Readonly<Record<string, Published>> = {
  "v1 ConfigMap": { package: `${KUBERNETES}/v1`, validate: (object) => new ConfigMap(object).validate() },
  "v1 Secret": { package: `${KUBERNETES}/v1`, validate: (object) => new Secret(object).validate() },
  "v1 Service": { package: `${KUBERNETES}/v1`, validate: (object) => new Service(object).validate() },
  "v1 ServiceAccount": {
    package: `${KUBERNETES}/v1`,
    validate: (object) => new ServiceAccount(object).validate(),
  },
  "rbac.authorization.k8s.io/v1 Role": {
    package: `${KUBERNETES}/rbac.authorization.k8s.io/v1`,
    validate: (object) => new Role(object).validate(),
  },
  "rbac.authorization.k8s.io/v1 RoleBinding": {
    package: `${KUBERNETES}/rbac.authorization.k8s.io/v1`,
    validate: (object) => new RoleBinding(object as never).validate(),
  },
  "apps/v1 Deployment": {
    package: `${KUBERNETES}/apps/v1`,
    validate: (object) => new Deployment(object).validate(),
  },
  "policy/v1 PodDisruptionBudget": {
    package: `${KUBERNETES}/policy/v1`,
    validate: (object) => new PodDisruptionBudget(object).validate(),
  },
  "autoscaling/v2 HorizontalPodAutoscaler": {
    package: `${KUBERNETES}/autoscaling/v2`,
    validate: (object) => new HorizontalPodAutoscaler(object).validate(),
  },
  "keda.sh/v1alpha1 ScaledObject": {
    package: "@kubernetes-models/keda/keda.sh/v1alpha1",
    validate: (object) => new ScaledObject(object as never).validate(),
  },
};

function published(object: Manifest): Published {
  const found = SCHEMAS[`${String(object["apiVersion"])} ${String(object["kind"])}`];
  if (found === undefined) throw new Error(`no schema for ${String(object["apiVersion"])} ${String(object["kind"])}`);
  return found;
}

/** What the published schema says against each object; nothing: it is well. */
export function schemaFaults(objects: readonly Manifest[]): readonly string[] {
  return objects.flatMap((object) => {
    try {
      published(object).validate(object);
      return [];
    } catch (error) {
      return [`${String(object["kind"])}: ${(error as Error).message}`];
    }
  });
}

const PROBE = join(packageRoot, "test/harness/manifests-under-test.ts");

/** Fields that no such object has: the schemas let them pass, as an API server would, which drops them. */
export function unknownFields(objects: readonly Manifest[]): readonly string[] {
  const source = objects
    .map((object, index) => {
      const kind = String(object["kind"]);
      const type = `import("${published(object).package}/${kind}").I${kind}`;
      return `export const object${index}: ${type} = ${JSON.stringify(object, undefined, 1)};`;
    })
    .join("\n");
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ESNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === PROBE || fileExists(path);
  host.getSourceFile = (path, version, ...rest) => {
    return path === PROBE ? ts.createSourceFile(path, source, version) : getSourceFile(path, version, ...rest);
  };
  const program = ts.createProgram([PROBE], options, host);
  const file = program.getSourceFile(PROBE);
  return ts.getPreEmitDiagnostics(program, file).map(({ messageText }) => {
    return ts.flattenDiagnosticMessageText(messageText, " ");
  });
}
