/** What each host's wrapper adds to a direct call of the plugin, from the counts of hosts/variants.mjs. */
import { HOSTS } from "./variants.mjs";

/**
 * @typedef {object} WrapperCost instructions; undefined: not measured
 * @property {string} host @property {boolean} standIn true: the host was a stand-in
 * @property {number | undefined} perPhase the mean of access and log
 * @property {number | undefined} access @property {number | undefined} log
 * @property {string | undefined} idlePhase @property {number | undefined} idle what it adds
 */

/** @param {readonly import("../report.mjs").Measured[]} variants @returns {readonly WrapperCost[]} */
export function wrapperCosts(variants) {
  const of = (name) => variants.find((variant) => variant.name === name)?.instructions;
  const added = (name, base) => {
    const [wrapped, direct] = [of(name), of(base)];
    return wrapped === undefined || direct === undefined ? undefined : wrapped - direct;
  };
  return HOSTS.map(({ name, standIn, idlePhase }) => {
    const both = added(`${name}-wrapped`, `${name}-direct`);
    return {
      host: name,
      standIn,
      perPhase: both === undefined ? undefined : both / 2,
      access: added(`${name}-wrapped-access`, `${name}-direct`),
      log: added(`${name}-wrapped`, `${name}-wrapped-access`),
      idle: added(`${name}-idle`, `${name}-direct`),
      idlePhase,
    };
  });
}

/** @param {WrapperCost} cost @returns {string} */
export const titleOf = ({ host, standIn }) => (standIn ? `${host} (stand-in)` : host);

/** @param {readonly WrapperCost[]} costs @returns {string} */
export function wrapperTable(costs) {
  const number = (value) => (value === undefined ? "-" : value.toFixed(0));
  const rows = costs.map((cost) => {
    const { perPhase, access, log, idle, idlePhase } = cost;
    const phase = idlePhase === undefined ? "" : `  (${idlePhase})`;
    const cells = [perPhase, access, log, idle].map((value, i) => number(value).padStart([9, 7, 7, 7][i]));
    return `${titleOf(cost).padEnd(19)}${cells.join("")}${phase}`;
  });
  return ["instructions that our wrapper adds to a direct call of the circuit breaker", HEADING, ...rows].join("\n");
}

const HEADING = `${"host".padEnd(19)}per phase access    log   idle  (a phase in which this breaker does nothing)`;
