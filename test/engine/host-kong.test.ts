import { describe, test } from "vitest";
import { hostConformance } from "../conformance/host-cases.ts";
import { findKong, kongHost } from "../harness/host-kong.ts";

const found = await findKong();

if ("version" in found) hostConformance(kongHost(found.version));
else {
  describe.skip(`real Kong (${found.reason})`, () => {
    test("the conformance suite of hosts", () => undefined);
  });
}
