import { schema as s } from "../_kit/schema/index.ts";
import { HOST, NAME } from "./manifest-words.ts";

const target = s.record({
  host: s.string({ ...HOST, description: "A host name, IPv4 or IPv6 address. A name is looked up." }),
  port: s.integer({ min: 1, max: 65535, description: "The TCP port of the peer." }),
  weight: s.integer({ min: 1, max: 1000, default: 1, description: "Its share of the requests among its peers." }),
  zone: s.string({ ...NAME, optional: true, description: "The zone it stands in, to prefer peers nearby." }),
  priority: s.integer({
    min: 0,
    max: 100,
    default: 0,
    description: "0 is used first; higher ones when no lower one is left.",
  }),
});

export const targets = s.list(target, {
  default: [],
  description: "Peers that are always there, beside those that discovery finds.",
});
