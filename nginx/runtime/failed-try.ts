/**
 * What the try before this one was answered, from the status that nginx gives of its failure; 0: nothing. nginx calls it
 * 502 or 504 too when there was no answer, and tells the two apart nowhere before log: a peer that fails so is no better
 * than one that is not there. See ngx_http_upstream_next: https://github.com/nginx/nginx/blob/master/src/http/ngx_http_upstream.c
 */
export function answeredStatus(status: number | undefined): number {
  return status === undefined || status === 502 || status === 504 ? 0 : status;
}
