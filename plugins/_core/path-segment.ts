import { firstBytes, withoutFirst } from "./byte-cut.ts";

/** The `wanted`-th part of a path between slashes, from 1; undefined when there are not so many. */
function pathSegment(path: string, wanted: number): string | undefined {
  let start = path.indexOf("/");
  for (let i = 1; i < wanted && start >= 0; i++) {
    start = path.indexOf("/", start + 1);
  }
  if (start < 0) {
    return undefined;
  }
  const end = path.indexOf("/", start + 1);
  const rest = withoutFirst(path, start + 1);
  return end < 0 ? rest : firstBytes(rest, end - start - 1);
}

export { pathSegment };
