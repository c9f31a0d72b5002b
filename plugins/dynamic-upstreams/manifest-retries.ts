import { schema as s } from "../_kit/schema/index.ts";
import { METHOD } from "./manifest-words.ts";

/** When a failed request is sent to another peer. gateway.yaml also says after what. */
export const retries = s.record({
  attempts: s.integer({ min: 0, max: 10, default: 1, description: "Tries after the first one; 0: none." }),
  methods: s.list(s.string({ ...METHOD, description: "An HTTP method in capital letters." }), {
    default: ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"],
    unique: true,
    description: "Methods that may be sent twice.",
  }),
  budget: s.number({
    default: 20,
    min: 0,
    max: 100,
    description: "Percent of the requests that may be retries, so that they make no overload worse.",
  }),
  budget_minimum: s.number({
    default: 10,
    min: 0,
    max: 1000000,
    description: "So many retries a second are allowed whatever the percentage.",
  }),
  timeout_seconds: s.number({
    min: 0.001,
    max: 86400,
    optional: true,
    description: "Each try of a request that may be tried again waits no longer to connect and between two reads.",
  }),
});
