/**
 * The address of a server that is asked while requests are handled. A cosocket that waits for a name waits as long as nginx's
 * resolver likes: names are looked up in the background, and a request waits for one only while there never was an address.
 */
import { new as newSemaphore } from "ngx.semaphore";
import { ipAddress } from "../../plugins/_core/ip-address.ts";
import type { DnsType } from "../../plugins/_kit/ports.ts";
import { dialedHost } from "./dialed-host.ts";
import { dnsClient } from "./dns-client.ts";
import { workerTasks } from "./worker-tasks.ts";

/** IPv6 may be known and yet lead nowhere: it is for names that have nothing else. */
const TYPES: readonly DnsType[] = ["A", "AAAA"];

/** How long an address is taken for good, whatever its time to live. */
const LEAST_SECONDS = 1;
const MOST_SECONDS = 60;
/** For each DNS server; in the background, where it may take its time. */
const LOOK_UP_SECONDS = 2;

/** @noSelf */
export interface ServerAddress {
  /** As `connect` wants it; undefined and why there is none by `deadline`, in the clock's seconds. */
  get(deadline: number): LuaMultiReturn<[string | undefined, string | undefined]>;
  /** Nobody answers there: the name is looked up again. */
  doubt(): void;
}

function fixedAddress(address: string): ServerAddress {
  return { get: () => $multi(dialedHost(address), undefined), doubt: () => undefined };
}

function semaphore(): NgxSemaphore {
  const [made, problem] = newSemaphore(0);
  return made === undefined ? error(`no semaphore: ${problem}`, 0) : made;
}

function namedAddress(name: string): ServerAddress {
  let address: string | undefined;
  let problem = "timeout";
  let validUntil = 0;
  let isLooking = false;
  const waiting = semaphore();

  function lookUp(): void {
    for (const type of TYPES) {
      const answer = dnsClient.query(name, type, [], LOOK_UP_SECONDS);
      const first = answer.records[0];
      if (first !== undefined) {
        address = dialedHost(first.host);
        validUntil = ngx.now() + math.max(LEAST_SECONDS, math.min(MOST_SECONDS, first.ttlSeconds));
        return;
      }
      problem = answer.problem ?? "no address";
    }
    validUntil = ngx.now() + LEAST_SECONDS;
  }

  function lookUpForAll(this: void): void {
    const [ok, fault] = pcall(lookUp);
    isLooking = false;
    if (!ok) {
      problem = tostring(fault);
    }
    const requests = -waiting.count();
    if (requests > 0) {
      waiting.post(requests);
    }
  }

  return {
    get: (deadline) => {
      if (!isLooking && ngx.now() >= validUntil && !ngx.worker.exiting()) {
        isLooking = true;
        workerTasks.start(lookUpForAll);
      }
      if (address === undefined && isLooking) {
        waiting.wait(math.max(0, deadline - ngx.now()));
      }
      if (address === undefined) {
        return $multi(undefined, `${name} could not be resolved (${problem})`);
      }
      return $multi(address, undefined);
    },
    doubt: () => {
      validUntil = math.min(validUntil, ngx.now() + LEAST_SECONDS);
    },
  };
}

export function serverAddress(host: string): ServerAddress {
  const isKnown = host === "localhost" || ipAddress(host) !== undefined;
  return isKnown ? fixedAddress(host) : namedAddress(host);
}
