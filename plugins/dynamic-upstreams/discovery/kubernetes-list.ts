import { percentText } from "../../_core/percent-text.ts";
import { integerText } from "../../_core/text.ts";
import type { KubernetesConfig } from "../config.ts";
import { fieldOf, listOf, textField } from "./json-shape.ts";
import { type ApiProblem, apiProblem, isApiProblem, type SliceRequests, versionField } from "./kubernetes-requests.ts";
import { createSlices, type Slices } from "./kubernetes-slices.ts";
import type { SourcePorts } from "./source.ts";

/** Slices in one answer; each has 1,000 endpoints at most. */
const PAGE_SLICES = 20;
/** Where the next page begins is told in a few hundred bytes: it is sent back. */
const MOST_CONTINUE_BYTES = 4096;
/** A list with more pages does not end. */
const MOST_PAGES = 1000;

/** What a watch goes on from. */
export interface Listed {
  readonly slices: Slices;
  /** Up to where the slices are told. Only the server knows what it means. */
  resourceVersion: string;
}

interface Page {
  readonly resourceVersion: string;
  /** Where the next page begins; undefined: this was the last one. */
  readonly next: string | undefined;
}

const NO_LIST: ApiProblem = { problem: "its answer is not a list of EndpointSlices", isGone: false };
const NO_END: ApiProblem = { problem: "its list of EndpointSlices does not end", isGone: false };

function readPage(document: unknown, slices: Slices): Page | ApiProblem {
  const metadata = fieldOf(document, "metadata");
  const resourceVersion = versionField(metadata);
  const next = textField(metadata, "continue");
  const items = listOf(fieldOf(document, "items"));
  if (resourceVersion === undefined || items === undefined || (next ?? "").length > MOST_CONTINUE_BYTES) {
    return NO_LIST;
  }
  for (const item of items) {
    if (!slices.put(item)) {
      return NO_LIST;
    }
  }
  return { resourceVersion, next };
}

/** The Service's slices as they are now, page by page. */
export function listSlices(config: KubernetesConfig, requests: SliceRequests, ports: SourcePorts): Listed | ApiProblem {
  const slices = createSlices(config.port);
  const limit = `&limit=${integerText(PAGE_SLICES)}`;
  let options = limit;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const request = requests.make(options, config.timeout_seconds);
    if (isApiProblem(request)) {
      return request;
    }
    const answer = ports.http.request(request);
    const page = apiProblem(answer) ?? readPage(ports.json.decode(answer.body), slices);
    if (isApiProblem(page)) {
      return page;
    }
    if (page.next === undefined) {
      return { slices, resourceVersion: page.resourceVersion };
    }
    options = `${limit}&continue=${percentText(page.next)}`;
  }
  return NO_END;
}
