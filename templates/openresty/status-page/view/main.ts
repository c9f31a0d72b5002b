/** The status page: looks at the gateway, and shows in place what it sees. */
import { changesBetween } from "../model/changes.ts";
import { nextTrail, type Trail } from "../model/history.ts";
import { entriesOf, type Status } from "../model/status.ts";
import { verdictOf } from "../model/verdict.ts";
import { breakers } from "./breakers.ts";
import { connection } from "./connection.ts";
import { controlDialog } from "./control-dialog.ts";
import { decisions } from "./decisions.ts";
import { at, find, setText } from "./dom.ts";
import { watchGateway, type Look } from "./gateway-watch.ts";
import { concurrency, limits, plugins } from "./limits.ts";
import { overview } from "./overview.ts";
import { routes } from "./routes.ts";
import { showSign } from "./sign.ts";
import { upstreams } from "./upstreams.ts";

const spoken = find(document, "#spoken", HTMLElement);
const ask = controlDialog(({ title }) => {
  setText(spoken, `Done: ${title}.`);
  lookAtOnce();
});
const show = {
  overview: overview(),
  routes: routes(),
  decisions: decisions(),
  rest: [breakers(ask), upstreams(ask), limits(), concurrency(), plugins()],
};

let trails: ReadonlyMap<string, Trail> = new Map();
let before: Status | undefined;

function onLook({ status, decisions: list }: Look): void {
  trails = new Map(entriesOf(status.routes).map(([name, route]) => [name, nextTrail(trails.get(name), route)]));
  setText(at(document, "version"), status.version ?? "");
  showSign(find(document, "#verdict", HTMLElement), verdictOf(status));
  show.overview(status, [...trails.values()]);
  show.routes(status, trails);
  for (const one of show.rest) one(status);
  show.decisions(list);
  const changes = before === undefined ? [] : changesBetween(before, status);
  if (changes.length > 0) setText(spoken, changes.join(" "));
  before = status;
  link.live(status.time ?? Date.now() / 1000);
}

const link = connection(() => lookAtOnce());
const lookAtOnce = watchGateway({ onLook, onLost: (seconds) => link.lost(seconds) });
