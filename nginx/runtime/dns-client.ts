/** Looking names up with servers of one's own choice, and with times to live: nginx's resolver tells neither. */
import { plainName } from "../../plugins/_core/dns-name.ts";
import { ipAddress } from "../../plugins/_core/ip-address.ts";
import type { Dns, DnsAnswer, DnsRecord, DnsType } from "../../plugins/_kit/ports.ts";
import { askServer } from "./dns-exchange.ts";
import { namesToAsk } from "./dns-search.ts";
import { type DnsServer, dnsServer, systemServers } from "./dns-servers.ts";
import { inOwnTimer } from "./own-timer.ts";
import { workerFiles } from "./worker-files.ts";

const RESOLV_CONF = "/etc/resolv.conf";
const MOST_BYTES = 65536;

/** An address stays what it is; sources look again by their own longest time. */
const ADDRESS_SECONDS = 86400;

/** Hard to guess for those who would forge an answer, unlike the worker's generator. */
function randomId(): number {
  const [file] = io.open("/dev/urandom", "rb");
  const bytes = file === undefined ? undefined : file.read(2);
  if (file !== undefined) {
    file.close();
  }
  if (bytes === undefined || bytes.length < 2) {
    return math.random(0, 65535);
  }
  return string.byte(bytes, 1) * 256 + string.byte(bytes, 2);
}

/** An address is asked of nobody: it is its own answer, of its own type. */
function addressAnswer(address: string, type: DnsType): DnsAnswer {
  if (type === "SRV") {
    return { records: [], problem: "an address has no SRV records" };
  }
  const own = address.indexOf(":") === -1 ? "A" : "AAAA";
  const record: DnsRecord = { type, host: address, ttlSeconds: ADDRESS_SECONDS, port: 0, priority: 0, weight: 0 };
  return { records: own === type ? [record] : [] };
}

/** Whom to ask, and for which names. */
interface Plan {
  readonly servers: readonly DnsServer[];
  readonly names: readonly string[];
}

/** The machine's own servers know the machine's own domains; servers that somebody chose are asked for the name as it is. */
function planOf(name: string, written: readonly string[]): Plan | string {
  if (written.length === 0) {
    const resolvConf = workerFiles.read(RESOLV_CONF, MOST_BYTES) ?? "";
    return { servers: systemServers(resolvConf), names: namesToAsk(name, resolvConf) };
  }
  const servers: DnsServer[] = [];
  for (const each of written) {
    const server = dnsServer(each);
    if (server === undefined) {
      return `"${each}" is no DNS server: write address or address:port`;
    }
    servers.push(server);
  }
  return { servers, names: [name] };
}

/** A server that cannot tell is passed over; that there is no such name is an answer. */
function askAll(servers: readonly DnsServer[], name: string, type: DnsType, seconds: number): DnsAnswer {
  let problem: string | undefined;
  for (const server of servers) {
    const answer = askServer(server, { id: randomId(), name, type }, seconds);
    if (typeof answer === "string") {
      problem = answer;
    } else if (answer.problem === undefined) {
      return { records: answer.records };
    } else {
      problem = answer.problem;
      if (problem === "NXDOMAIN") {
        break;
      }
    }
  }
  return { records: [], problem: problem ?? "no DNS server" };
}

/** The answer for the first of the names that is known. */
function askForAny({ servers, names }: Plan, type: DnsType, seconds: number): DnsAnswer {
  let answer: DnsAnswer = { records: [], problem: "NXDOMAIN" };
  for (const name of names) {
    answer = askAll(servers, plainName(name), type, seconds);
    if (answer.problem !== "NXDOMAIN") {
      break;
    }
  }
  return answer;
}

export const dnsClient: Dns = {
  query: (name, type, servers, timeoutSeconds) => {
    const address = ipAddress(name);
    if (address !== undefined) {
      return addressAnswer(address, type);
    }
    const plan = planOf(name, servers);
    if (typeof plan === "string") {
      return { records: [], problem: plan };
    }
    let answer: DnsAnswer | undefined;
    const problem = inOwnTimer(() => {
      answer = askForAny(plan, type, timeoutSeconds);
    });
    return answer ?? { records: [], problem: problem ?? "no answer" };
  },
};
