/**
 * Counts what became of requests; a line of it every few seconds, and all of it at the end.
 *
 * @returns counts by status ("0": no answer), and the times of the answers since the last line
 */
export function createReport() {
  const total = { sent: 0, skipped: 0, statuses: {} };
  let sentBefore = 0;
  let times = [];
  return {
    total,
    sent() {
      total.sent += 1;
    },
    /** A request that was due while too many were on their way: not sent. */
    skipped() {
      total.skipped += 1;
    },
    /** @param {number} status 0: no answer */
    answered(status, seconds) {
      total.statuses[status] = (total.statuses[status] ?? 0) + 1;
      times.push(seconds);
    },
    /** What happened since the last call, which was so many seconds ago. */
    line(seconds) {
      const rps = (total.sent - sentBefore) / seconds;
      sentBefore = total.sent;
      const sorted = times.sort((a, b) => a - b);
      times = [];
      const statuses = Object.entries(total.statuses).map(([status, count]) => `${status}: ${count}`);
      const skipped = total.skipped === 0 ? "" : `, not sent ${total.skipped}`;
      return `${rps.toFixed(1)} rps, p50 ${text(sorted, 0.5)}, p99 ${text(sorted, 0.99)}; sent ${total.sent}${skipped} (${statuses.join(", ")})`;
    },
  };
}

/** The nearest rank. */
function text(sorted, share) {
  if (sorted.length === 0) return "-";
  return `${(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] * 1000).toFixed(1)} ms`;
}
