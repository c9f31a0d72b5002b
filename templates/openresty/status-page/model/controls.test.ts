import { describe, expect, test } from "vitest";
import { bodyOf, breakerControl, breakerMode, fixedPeers, peerControl, refusalText } from "./controls.ts";

const GIVEN = { ttlSeconds: 300, reason: " new disk " };

describe("a breaker", () => {
  test("is forced for a time", () => {
    const control = breakerControl("route:a b", "closed");
    expect(control.path).toBe("/breakers/route%3Aa%20b");
    expect(bodyOf(control, GIVEN)).toEqual({ state: "closed", ttl_seconds: 300, reason: "new disk" });
  });

  test("goes back to automatic without a time, and an empty reason is not sent", () => {
    expect(bodyOf(breakerControl("a", "auto"), { ttlSeconds: 300, reason: " " })).toEqual({ state: "auto" });
  });

  test("is under the mode that its state tells", () => {
    const modes = ["closed", "open", "half_open", "forced_open", "forced_closed"].map((state) =>
      breakerMode({ state }),
    );
    expect(modes).toEqual(["auto", "auto", "auto", "open", "closed"]);
  });
});

describe("a peer", () => {
  test("that takes requests is drained", () => {
    const control = peerControl("users", "[::1]:80", { state: "up" });
    expect(control).toMatchObject({ label: "Drain", state: "drain", expires: true });
    expect(decodeURIComponent(control.path)).toBe("/upstreams/users/peers/[::1]:80");
  });

  test("that was taken out is put back", () => {
    const drained = { state: "drain", override_until: 1 };
    expect(peerControl("users", "a:1", drained)).toMatchObject({ label: "Put back", state: "up" });
    const down = { state: "down", override_until: 1 };
    expect(bodyOf(peerControl("users", "a:1", down), GIVEN)).toEqual({ state: "up", reason: "new disk" });
  });

  test.each(["down", "unhealthy", "ejected", "drain"])(
    "that is %s without anybody's doing is not called back by hand",
    (state) => {
      expect(peerControl("users", "a:1", { state }).label).toBe("Drain");
    },
  );

  test("of nginx's choice cannot be taken out, and the page says how it could", () => {
    expect(fixedPeers("users", { picked_by: "nginx" })).toContain(
      "balance: { policy: round-robin } in upstreams.users",
    );
    expect(fixedPeers("users", { picked_by: "lua" })).toBeUndefined();
    expect(fixedPeers("users", {})).toBeUndefined();
  });
});

test("a refusal is told in the gateway's own words", () => {
  expect(refusalText(422, '{"error":"E_ADMIN_VALUE","message":"too long"}')).toBe("too long (E_ADMIN_VALUE)");
  expect(refusalText(409, '{"message":"no"}')).toBe("no");
  expect(refusalText(401, '{"error":"E_ADMIN_TOKEN","message":"send it"}')).toBe(
    "This is not the token: send it (E_ADMIN_TOKEN)",
  );
  expect(refusalText(502, "<html>Bad Gateway</html>")).toBe("The gateway answered 502.");
  expect(refusalText(500, "null")).toBe("The gateway answered 500.");
});
