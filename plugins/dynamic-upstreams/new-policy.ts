import { type NextRandom } from "../_core/balance/candidate.ts";
import { createRotation } from "../_core/balance/rotation.ts";
import { pickLeastRequest, pickPeakEwma } from "../_core/balance/two-choices.ts";
import type { BalanceConfig } from "./config.ts";
import { hashPolicy, type Turns } from "./hash-policy.ts";
import type { Peer } from "./peer.ts";
import type { Policy } from "./policy.ts";

function roundRobin(random: NextRandom): Policy {
  const rotation = createRotation<Peer>(random);
  return {
    reset: (level) => {
      rotation.reset(level.available);
    },
    pick: (serial) => rotation.pick(serial),
  };
}

function leastRequest(random: NextRandom): Policy {
  let peers: readonly Peer[] = [];
  return {
    reset: (level) => {
      peers = level.available;
    },
    pick: (serial) => {
      const picked = pickLeastRequest(peers, serial, random);
      return picked;
    },
  };
}

function peakEwma(decaySeconds: number, random: NextRandom): Policy {
  let peers: readonly Peer[] = [];
  return {
    reset: (level) => {
      peers = level.available;
    },
    pick: (serial, { nowSeconds, unknownSeconds }) => {
      const picked = pickPeakEwma(peers, serial, nowSeconds, decaySeconds, unknownSeconds, random);
      return picked;
    },
  };
}

/** A new policy as configured: one for each level. */
export function newPolicy(config: BalanceConfig, random: NextRandom, turns: Turns): Policy {
  if (config.policy === "least-request") {
    return leastRequest(random);
  }
  if (config.policy === "peak-ewma") {
    return peakEwma(config.decay_seconds, random);
  }
  if (config.policy === "consistent-hash") {
    return hashPolicy(config.hash_balance_factor, turns);
  }
  return roundRobin(random);
}
