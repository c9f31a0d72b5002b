import { hostConformance } from "../conformance/host-cases.ts";
import { apisixFakeHost } from "../harness/host-apisix-fake.ts";

hostConformance(apisixFakeHost);
