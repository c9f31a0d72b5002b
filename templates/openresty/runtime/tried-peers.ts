import type { PeerPool } from "../../../plugins/_kit/context.ts";

/**
 * Leaves out the peers that this request was sent to already: a retry asks another one, however the weights stand and
 * whoever else was picked meanwhile. Call only before a retry: it reads $upstream_addr, which is dear.
 */
export function excludeTried(pool: PeerPool): void {
  // One address for each try, parted by ", ", and by " : " after an internal redirect.
  const [tried] = string.gsub(`, ${ngx.var.upstream_addr ?? ""},`, " : ", ", ");
  for (const index of $range(0, pool.count() - 1)) {
    if (tried.indexOf(`, ${pool.key(index)},`) !== -1) {
      pool.exclude(index);
    }
  }
}
