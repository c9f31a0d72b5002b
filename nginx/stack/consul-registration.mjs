// Keeps a program registered as an instance of a service at a Consul agent. Node alone, no package.
import { setTimeout as sleep } from "node:timers/promises";

/** An agent that restarted has forgotten it; then it is told again, after at most so long. */
const LOOK_SECONDS = 2;
/** Between the end of the registration and that of the program: whoever follows Consul has heard of it by then. */
const LEAVE_SECONDS = 1;
const TIMEOUT_MS = 2000;

/**
 * Registers at once, and again whenever the agent does not know it; an agent that does not answer is asked again. Consul
 * itself looks at `healthUrl`, so an instance that was killed is critical after some seconds, and gone after a minute.
 *
 * @param {{ agent: string, service: string, id: string, address: string, port: number, healthUrl: string,
 *   lookSeconds?: number, leaveSeconds?: number }} options `agent`: `http://consul:8500`
 * @returns {{ end(): Promise<void> }} `end` takes it out and waits until requests come no more
 */
export function keepRegistered({ lookSeconds = LOOK_SECONDS, leaveSeconds = LEAVE_SECONDS, ...instance }) {
  const ended = new AbortController();
  const kept = keep(instance, lookSeconds, ended.signal);
  return {
    end: async () => {
      ended.abort();
      await kept;
      const path = `deregister/${encodeURIComponent(instance.id)}`;
      await call(instance.agent, "PUT", path).catch(() => undefined);
      await sleep(leaveSeconds * 1000);
    },
  };
}

async function keep(instance, lookSeconds, signal) {
  let complained = false;
  while (!signal.aborted) {
    try {
      await register(instance);
      complained = false;
    } catch (error) {
      if (!complained) console.log(`not registered at ${instance.agent} yet: ${error.cause?.message ?? error.message}`);
      complained = true;
    }
    await sleep(lookSeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** https://developer.hashicorp.com/consul/api-docs/agent/service */
async function register({ agent, service, id, address, port, healthUrl }) {
  if ((await call(agent, "GET", encodeURIComponent(id))).ok) return;
  const check = {
    HTTP: healthUrl,
    Interval: "2s",
    Timeout: "1s",
    // It answers already, and is of use before the first check.
    Status: "passing",
    DeregisterCriticalServiceAfter: "1m",
  };
  const body = { Name: service, ID: id, Address: address, Port: port, Check: check };
  const answer = await call(agent, "PUT", "register", body);
  if (!answer.ok) throw new Error(`status ${answer.status}: ${await answer.text()}`);
  console.log(`${id} is registered at ${agent} as ${service}`);
}

function call(agent, method, path, body) {
  return fetch(`${agent}/v1/agent/service/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}
