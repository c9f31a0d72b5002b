import { hostConformance } from "../conformance/host-cases.ts";
import { kongFakeHost } from "../harness/host-kong-fake.ts";

hostConformance(kongFakeHost);
