import { recordFault } from "../../../nginx/runtime/faults.ts";
import { runExitTasks, workerExit } from "../../../nginx/runtime/worker-exit.ts";
import type { Balancer } from "../../../plugins/_kit/balancer.ts";
import type { Context, PeerPool } from "../../../plugins/_kit/context.ts";
import type { Decision } from "../../../plugins/_kit/decision.ts";
import type { Handlers, Phase } from "../../../plugins/_kit/handlers.ts";
import type { Store } from "../../../plugins/_kit/ports.ts";
import { balancing } from "./balance.ts";
import { compose, type Link } from "./compose.ts";
import type { Instance } from "../../../nginx/runtime/instance.ts";
import { perform } from "./perform.ts";
import { openrestyContext as requestContext } from "./openresty-context.ts";
import { forget } from "./request-memory.ts";
import type { RouteSettings } from "./settings.ts";

/**
 * The composed functions of one route. Those whose phase nothing needs are never called: the build emits no block.
 * @noSelf
 */
export interface RoutePhases {
  readonly rewrite: () => void;
  readonly access: () => void;
  readonly headerFilter: () => void;
  readonly bodyFilter: () => void;
  readonly log: () => void;
  readonly balance: () => void;
}

/** `this: void`: a function kept in a record would be called with a self else. */
type Fault = (this: void, thrown: unknown) => void;

function faultOf(store: Store, plugin: string, phase: Phase): Fault {
  return (thrown) => {
    recordFault(store, plugin, phase, thrown);
  };
}

type SimplePhase = "rewrite" | "access" | "header_filter" | "log";

function links(instances: readonly Instance[], phase: SimplePhase, store: Store): Link<Context, Decision>[] {
  const found: Link<Context, Decision>[] = [];
  for (const { plugin, handlers } of instances) {
    const run = handlers[phase];
    if (run !== undefined) {
      found.push({ run: run as Link<Context, Decision>["run"], fault: faultOf(store, plugin, phase) });
    }
  }
  return found;
}

/** Each plugin sees the chunk as the one before left it. */
function bodyFilter(instances: readonly Instance[], store: Store): () => void {
  const found: { run: NonNullable<Handlers["body_filter"]>; fault: Fault }[] = [];
  for (const { plugin, handlers } of instances) {
    if (handlers.body_filter !== undefined) {
      found.push({ run: handlers.body_filter, fault: faultOf(store, plugin, "body_filter") });
    }
  }
  return () => {
    for (const { run, fault } of found) {
      const [ok, replaced] = pcall(run, requestContext, ngx.arg[1], ngx.arg[2]);
      if (!ok) {
        fault(replaced);
      } else if (replaced !== undefined) {
        ngx.arg[1] = replaced;
      }
    }
  };
}

function nothing(): void {
  return undefined;
}

/** These phases have no decisions: whatever a handler returns, the next one runs. */
function ignore(): boolean {
  return false;
}

function balance(instances: readonly Instance[], balancer: Balancer, store: Store): () => void {
  const found: Link<PeerPool, true>[] = [];
  for (const { plugin, handlers } of instances) {
    const select = handlers.select_upstream;
    if (select !== undefined) {
      found.push({
        run: (given) => {
          select(requestContext, given);
          return undefined;
        },
        fault: faultOf(store, plugin, "select_upstream"),
      });
    }
  }
  return balancing(balancer, found.length === 0 ? undefined : compose<PeerPool, true>(balancer, found, ignore));
}

/** The log phase: what the plugins do, then the balancers learn how the request ended. */
function logging(log: () => void, balancers: readonly Balancer[], store: Store): () => void {
  const first = balancers[0];
  const second = balancers[1];
  const finish = (balancer: Balancer): void => {
    const [ok, thrown] = pcall(balancer.finish, requestContext);
    if (!ok) {
      recordFault(store, "dynamic-upstreams", "log", thrown);
    }
  };
  const end = (): void => {
    forget();
    if (workerExit.begun) {
      runExitTasks();
    }
  };
  if (first === undefined) {
    return () => {
      log();
      end();
    };
  }
  if (second === undefined) {
    const ended = first.finish;
    return () => {
      log();
      const [ok, thrown] = pcall(ended, requestContext);
      if (!ok) {
        recordFault(store, "dynamic-upstreams", "log", thrown);
      }
      end();
    };
  }
  return () => {
    log();
    for (const balancer of balancers) {
      finish(balancer);
    }
    end();
  };
}

/**
 * Composes what `instances` do on `route`.
 * @param balancer there when the peers of its upstream are picked in Lua
 * @param balancers all that requests of the route may come to
 */
export function composeRoute(
  route: RouteSettings,
  instances: readonly Instance[],
  store: Store,
  balancer: Balancer | undefined,
  balancers: readonly Balancer[],
): RoutePhases {
  const ways = { locations: route.locations, balanced: balancer !== undefined };
  const finish = (decision: Decision, fault: Fault): boolean => perform(decision, ways, fault);
  const log = compose(requestContext, links(instances, "log", store), ignore);
  return {
    rewrite: compose(requestContext, links(instances, "rewrite", store), finish),
    access: compose(requestContext, links(instances, "access", store), finish),
    headerFilter: compose(requestContext, links(instances, "header_filter", store), ignore),
    bodyFilter: bodyFilter(instances, store),
    log: logging(log, balancers, store),
    balance: balancer === undefined ? nothing : balance(instances, balancer, store),
  };
}
