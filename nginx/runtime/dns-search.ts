/** Short names: the domains that /etc/resolv.conf says to look in, as the C library does (resolv.conf(5)). */

const USUAL_NDOTS = 1;
const MOST_NDOTS = 15;
/** As glibc before 2.26; a longer list would make an unknown name very slow. */
const MOST_DOMAINS = 6;

function searchDomains(resolvConf: string): readonly string[] {
  let domains: string[] = [];
  for (const [keyword, rest] of string.gmatch(`\n${resolvConf}`, "\n[ \t]*(%l+)[ \t]+([^\n]*)")) {
    // Of several lines the last one holds.
    if (keyword === "search" || keyword === "domain") {
      domains = [];
      for (const [domain] of string.gmatch(rest ?? "", "[^%s]+")) {
        if (domain !== undefined && domain !== "." && domains.length < MOST_DOMAINS) {
          domains.push(domain);
        }
      }
    }
  }
  return domains;
}

function ndotsOf(resolvConf: string): number {
  const [written] = string.match(`\n${resolvConf}`, "\n[ \t]*options[^\n]*[ \t]ndots:(%d+)");
  return math.min(tonumber(written) ?? USUAL_NDOTS, MOST_NDOTS);
}

function dotsIn(name: string): number {
  const [, count] = string.gsub(name, "%.", "");
  return count;
}

/**
 * The names to ask for, one after the other until one is known. A name with a dot at its end is whole; one with as many dots
 * as `ndots` is asked as it is first, one with fewer last.
 */
export function namesToAsk(name: string, resolvConf: string): readonly string[] {
  if (name.slice(-1) === ".") {
    return [name];
  }
  const isLong = dotsIn(name) >= ndotsOf(resolvConf);
  const names: string[] = isLong ? [name] : [];
  for (const domain of searchDomains(resolvConf)) {
    names.push(`${name}.${domain}`);
  }
  if (!isLong) {
    names.push(name);
  }
  return names;
}
