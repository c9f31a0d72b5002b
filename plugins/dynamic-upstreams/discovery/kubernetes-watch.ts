import { spreadSeconds } from "../../_core/back-off.ts";
import { percentText } from "../../_core/percent-text.ts";
import { integerText } from "../../_core/text.ts";
import { fieldOf, textField } from "./json-shape.ts";
import type { Listed } from "./kubernetes-list.ts";
import {
  type ApiProblem,
  apiProblem,
  GONE,
  isApiProblem,
  type SliceRequests,
  versionField,
} from "./kubernetes-requests.ts";
import type { SourcePorts } from "./source.ts";

/** How long the server may let a watch go on; then it is begun anew. */
const WATCH_SECONDS = 300;
/** Servers send a bookmark about each minute: where nothing came for so long, the connection may be dead. */
const SILENCE_SECONDS = 100;

/** An event of the type ERROR holds a Status. */
function errorOf(status: unknown): ApiProblem {
  const message = textField(status, "message") ?? textField(status, "reason") ?? "the server told no reason";
  return { problem: `the watch ended: ${message.slice(0, 200)}`, isGone: fieldOf(status, "code") === GONE };
}

/** Takes an event into `listed`. */
function apply(listed: Listed, event: unknown): ApiProblem | undefined {
  const type = textField(event, "type");
  const object = fieldOf(event, "object");
  if (type === "ERROR") {
    return errorOf(object);
  }
  let isTaken = type === "BOOKMARK";
  if (type === "ADDED" || type === "MODIFIED") {
    isTaken = listed.slices.put(object);
  } else if (type === "DELETED") {
    isTaken = listed.slices.remove(object);
  }
  const resourceVersion = versionField(fieldOf(object, "metadata"));
  if (!isTaken || resourceVersion === undefined) {
    return { problem: "the watch brought something else than an event of an EndpointSlice", isGone: false };
  }
  listed.resourceVersion = resourceVersion;
  return undefined;
}

/**
 * Takes what changes into `listed` as it comes, until the watch ends.
 * @param onEvent called after each event; false ends it
 * @returns undefined when it ended as watches do, and can go on from `listed`
 */
export function watchSlices(
  listed: Listed,
  requests: SliceRequests,
  ports: SourcePorts,
  onEvent: () => boolean,
): ApiProblem | undefined {
  const seconds = integerText(Math.floor(spreadSeconds(WATCH_SECONDS, ports.random.next())));
  const from = percentText(listed.resourceVersion);
  const options = `&watch=true&allowWatchBookmarks=true&timeoutSeconds=${seconds}&resourceVersion=${from}`;
  const request = requests.make(options, SILENCE_SECONDS);
  if (isApiProblem(request)) {
    return request;
  }
  let wrong: ApiProblem | undefined;
  const answer = ports.http.stream(request, (line) => {
    if (line === "") {
      return true;
    }
    wrong = apply(listed, ports.json.decode(line));
    return wrong === undefined && onEvent();
  });
  if (wrong !== undefined) {
    return wrong;
  }
  const isSilent = answer.status === 200 && answer.problem === "timeout";
  return isSilent ? undefined : apiProblem(answer);
}
