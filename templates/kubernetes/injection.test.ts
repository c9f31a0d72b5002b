/** No value of gateway.yaml can add an object or a field to the manifests, or change a file on its way into the pod. */
import { describe, expect, test } from "vitest";
import { AutoscaleError } from "../../cli/errors.ts";
import { loadTarget } from "../../cli/build/targets.ts";
import { templateRenderer } from "../../cli/build/templates.ts";
import { fullGateway, hostileValues, stringFields } from "../../test/harness/hostile-values.ts";
import { appliedObjects, type Manifest, podFolders } from "../../test/harness/kubernetes-pod.ts";
import { planSample } from "../../test/harness/render-sample.ts";
import target from "./target.ts";

const template = templateRenderer(new URL("./", import.meta.url));
const openresty = await loadTarget("openresty");
const openrestyTemplate = templateRenderer(openresty.folder);

interface Rendered {
  readonly bundle: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, string>;
}

function render(text: string): Rendered {
  const plan = planSample(text);
  const bundle = openresty.target.render(target.carries?.plan(plan) ?? plan, openrestyTemplate, []);
  return { bundle, files: target.render(plan, template, [], bundle) };
}

function renderOrRefuse(text: string): Rendered | undefined {
  try {
    return render(text);
  } catch (error) {
    if (error instanceof AutoscaleError) return undefined;
    throw error;
  }
}

/** Fields and kinds of values, without the values; a map from files to their content counts as one. */
function shape(value: unknown, key = ""): unknown {
  if (key === "data" || key === "binaryData") return "files";
  if (Array.isArray(value)) return value.map((item: unknown) => shape(item));
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shape(item, name)]));
}

/** Which file goes into the Secret, and how many there are, may follow from a value: a token may stand in any of them. */
const shapes = ({ files }: Rendered): unknown[] => {
  const isContent = ({ kind }: Manifest): boolean => kind === "ConfigMap" || kind === "Secret";
  const pod = (object: Manifest): Manifest => {
    return JSON.parse(JSON.stringify(object, (key, value: unknown) => (key === "sources" ? [] : value))) as Manifest;
  };
  return appliedObjects(files)
    .filter((object) => !isContent(object))
    .map((object) => [object["kind"], shape(pod(object))]);
};

const inPod = ({ files }: Rendered): unknown => {
  const folders = [...podFolders(appliedObjects(files))];
  return new Map(
    folders.flatMap(([mount, within]) =>
      [...within].map(([path, bytes]) => [`${mount}/${path}`, bytes.toString("utf8")]),
    ) as [string, string][],
  );
};

const served = ({ bundle }: Rendered): unknown => {
  return new Map([...bundle].map(([path, text]) => [`/srv/gateway/${path}`, text]));
};

const whole = shapes(render(fullGateway()));

test("the sample has an object of every kind", () => {
  expect(whole.length).toBe(4);
});

/** The others reach the manifests inside of the bundle's files only, which are one text among others there. */
const REACHES_OBJECTS = /^(kubernetes|admin|listen)\b|name\b|fallback\.body$/;
const reaching = stringFields().filter(({ name }) => REACHES_OBJECTS.test(name));

describe.each(reaching)("$name", (field) => {
  test("is refused with a code or changes values only", () => {
    for (const hostile of hostileValues) {
      const rendered = renderOrRefuse(field.apply(hostile));
      if (rendered === undefined) continue;
      expect(shapes(rendered), JSON.stringify(hostile)).toEqual(whole);
      expect(inPod(rendered), JSON.stringify(hostile)).toEqual(served(rendered));
    }
  });
});
