/** Patterns that several parts of the manifest share, with what they ask for in words. */

/** Names that become labels of metrics and keys of state. */
export const NAME = { pattern: "^[A-Za-z0-9_.-]{1,64}$", expects: "1 to 64 letters, digits, _, . or -" } as const;

/** A whole number from 1 to 65535. */
const PORT = "(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
const ORIGIN = `https?://(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::${PORT})?`;

/** Where a server is; paths of its API are put behind it. */
export const SERVER = {
  pattern: `^${ORIGIN}(?:/[A-Za-z0-9._~/-]{0,500})?$`,
  expects: "http://host:port or https://host:port, maybe with a path",
} as const;

export const HTTP_URL = {
  pattern: `^${ORIGIN}(?:/[!-"$-~]{0,2000})?$`,
  expects: "a URL with http:// or https://, without a fragment",
} as const;

/** A name server; IPv6 with a port stands in brackets. */
export const NAME_SERVER = {
  pattern: `^(?:[0-9]{1,3}(?:[.][0-9]{1,3}){3}(?::${PORT})?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{0,35}|\\[[0-9A-Fa-f:.]{2,45}\\](?::${PORT})?)$`,
  expects: "an IP address, with :port when it is not 53",
} as const;

export const HOST = {
  pattern: "^[A-Za-z0-9_.:-]{1,253}$",
  expects: "a host name, or an IP address without brackets",
} as const;

/** What goes into the path or the query of a request; escaped there. */
export const PRINTABLE = { pattern: "^[!-~]{1,255}$", expects: "printable ASCII without spaces" } as const;

export const HEADER_NAME = { pattern: "^[A-Za-z0-9-]{1,64}$", expects: "a header's name" } as const;

export const STATUSES = {
  pattern: "^[0-9]{3}(?:-[0-9]{3})?$",
  expects: "a status or a range of them in text: 200 or 200-399",
} as const;

export const METHOD = { pattern: "^[A-Z][A-Z_-]{0,31}$", expects: "an HTTP method in capital letters" } as const;
