/** What to try on the quickstart: `docs` of a running gateway, with its real ports. */
export function quickstartText({ gateway, admin, users, orders }, token) {
  const loop = (count) =>
    `for i in $(seq ${count}); do curl -s -o /dev/null -w '%{http_code} ' localhost:${gateway}/users; done; echo`;
  const knobs = (json) => `curl -s localhost:${users}/__knobs -d '${json}'`;
  return `
  gateway   http://localhost:${gateway}/users and /orders
  status    http://localhost:${admin}/ is a live page; its buttons ask for the token ${token}
            http://localhost:${admin}/status and /metrics are the same for programs
  backends  http://localhost:${users} (users), http://localhost:${orders} (orders)

Watch the circuit breaker of the route "users". In another terminal:

  ${loop(3)}
      200 200 200: the backend answers

  ${knobs('{"status":500}')}
      from now on it fails

  ${loop(15)}
      500 until half of at least 10 calls have failed; then the breaker opens and answers 503 by itself

  npx autoscale-lua status --admin http://localhost:${admin}
      the breaker's state, and why; on the live page too

  ${knobs("{}")}
  sleep 5; ${loop(5)}
      well again: 5 seconds later 3 trial calls pass (half-open), and it closes
`;
}
