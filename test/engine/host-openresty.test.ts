import { hostConformance } from "../conformance/host-cases.ts";
import { openrestyHost } from "../harness/host-openresty.ts";

hostConformance(openrestyHost);
