/** Which of Prometheus' two text formats a scraper gets. */

/** What `GET /metrics` answers with. */
export const TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
export const OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** A parameter of one media range; undefined when it has none of that name. */
function parameter(range: string, name: string): string | undefined {
  const [value] = string.match(range, `;%s*${name}%s*=%s*"?([^;"%s]*)`);
  return value;
}

function quality(range: string): number {
  const written = parameter(range, "q");
  return written === undefined ? 1 : (tonumber(written) ?? 0);
}

/**
 * True when an Accept header names OpenMetrics 1.0 and likes it no less than plain text. Those who accept anything get the
 * older format, which every scraper reads.
 */
export function wantsOpenMetrics(accept: string | undefined): boolean {
  let open = 0;
  let plain = 0;
  for (const [range] of string.gmatch(string.lower(accept ?? ""), "[^,]+")) {
    const [media] = string.match(range as string, "^%s*([^%s;]*)");
    const version = parameter(range as string, "version");
    if (media === "application/openmetrics-text" && (version === undefined || version === "1.0.0")) {
      open = math.max(open, quality(range as string));
    } else if (media === "text/plain") {
      plain = math.max(plain, quality(range as string));
    }
  }
  return open > 0 && open >= plain;
}
