import { expect, it, onTestFinished } from "vitest";
import { startBackend } from "../harness/backend.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";

it("shows what was sent", async () => {
  const backend = await startBackend();
  onTestFinished(() => backend.stop());
  const gateway = await gatewayForTest({
    upstreams: { one: { targets: [backend.target] } },
    routes: [{ name: "users", path: "/users", upstream: "one", plugins: { "endpoint-metrics": {} } }],
  });
  for (let i = 0; i < 10; i++) await send(`${gateway.url}/users`);
  const text = await eventually("ten requests are shown", async () => {
    const shown = await gateway.metrics();
    return shown.includes('gateway_requests_total{method="GET",route="users",status="2xx",upstream="one"} 10') && shown;
  });
  expect(text).toContain("gateway_request_duration_seconds_bucket{");
});
