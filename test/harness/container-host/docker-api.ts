import { createReadStream } from "node:fs";
import { request, type IncomingMessage, type RequestOptions } from "node:http";
import type { Readable } from "node:stream";

/** The calls of Docker's HTTP API that `testcontainers` does not offer; Podman speaks it too. */
export interface DockerApi {
  ping(): Promise<boolean>;
  hasImage(name: string): Promise<boolean>;
  /** Undefined once it is here, else why it could not be fetched. */
  pullImage(
    name: string,
    limits: { readonly firstByteSeconds: number; readonly allSeconds: number },
  ): Promise<string | undefined>;
  /** Makes an image of a tar of a file system. */
  importImage(tarFile: string, name: string): Promise<void>;
  /** Also a running one; one that is gone already is no error. */
  removeContainer(id: string): Promise<void>;
  /** The ids of the running containers of a Compose project. */
  containersOf(project: string): Promise<readonly string[]>;
  /** Podman alone: runs the container's health check once. One without a check, or gone, is no error. */
  checkHealth(id: string): Promise<void>;
}

/** @param host as in `DOCKER_HOST`: `unix:///path` or `tcp://host:port` */
export function dockerApi(host: string): DockerApi {
  const base = requestBase(host);
  return {
    async ping() {
      const answer = await call(base, "GET", "/_ping", { allSeconds: 5 }).catch(() => undefined);
      return answer?.status === 200;
    },
    async hasImage(name) {
      return (await call(base, "GET", `/images/${encodeURIComponent(name)}/json`, { allSeconds: 30 })).status === 200;
    },
    async pullImage(name, limits) {
      const [repository, tag] = splitName(name);
      const path = `/images/create?fromImage=${encodeURIComponent(repository)}&tag=${encodeURIComponent(tag)}`;
      try {
        return faultOf(await call(base, "POST", path, limits));
      } catch (error) {
        return (error as Error).message;
      }
    },
    async importImage(tarFile, name) {
      // The tag within `repo`: Podman 4.3 drops one that is given apart.
      const path = `/images/create?fromSrc=-&repo=${encodeURIComponent(name)}`;
      const fault = faultOf(await call(base, "POST", path, { allSeconds: 300 }, createReadStream(tarFile)));
      if (fault !== undefined) throw new Error(`import of ${tarFile} failed: ${fault}`);
    },
    async removeContainer(id) {
      await call(base, "DELETE", `/containers/${id}?force=true&v=true`, { allSeconds: 60 });
    },
    async containersOf(project) {
      const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${project}`] }));
      const { body } = await call(base, "GET", `/containers/json?filters=${filters}`, { allSeconds: 30 });
      return (JSON.parse(body) as { Id: string }[]).map(({ Id }) => Id);
    },
    async checkHealth(id) {
      await call(base, "GET", `/v4.0.0/libpod/containers/${id}/healthcheck`, { allSeconds: 30 });
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Limits {
  readonly firstByteSeconds?: number;
  readonly allSeconds: number;
}

function requestBase(host: string): RequestOptions {
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  const url = new URL(host.replace(/^tcp:/, "http:"));
  return { host: url.hostname, port: url.port };
}

function call(base: RequestOptions, method: string, path: string, limits: Limits, body?: Readable): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "Content-Type": "application/x-tar" };
    const sent = request({ ...base, method, path, headers, agent: false });
    const late = (seconds: number) => () => sent.destroy(new Error(`no answer in ${seconds} seconds`));
    const all = setTimeout(late(limits.allSeconds), limits.allSeconds * 1000);
    const firstSeconds = limits.firstByteSeconds ?? limits.allSeconds;
    const first = setTimeout(late(firstSeconds), firstSeconds * 1000);
    const done = () => [all, first].forEach((timer) => clearTimeout(timer));

    sent.once("error", (error) => {
      done();
      reject(error);
    });
    sent.once("response", (response: IncomingMessage) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        clearTimeout(first);
        text += part;
      });
      response.once("end", () => {
        done();
        resolve({ status: response.statusCode ?? 0, body: text });
      });
    });
    if (body === undefined) sent.end();
    else body.pipe(sent);
  });
}

/** A pull answers 200 and tells of its failure in one of the JSON lines that follow. */
function faultOf(answer: Answer): string | undefined {
  const lines = answer.body.split("\n").filter((line) => line.trim().startsWith("{"));
  const faults = lines.map((line) => JSON.parse(line) as { error?: string; message?: string; cause?: string });
  const fault = faults.find((line) => line.error !== undefined || line.cause !== undefined);
  if (fault !== undefined) return fault.error ?? fault.cause;
  return answer.status === 200 ? undefined : `status ${answer.status}: ${answer.body.slice(0, 300)}`;
}

function splitName(name: string): [repository: string, tag: string] {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? [name.slice(0, colon), name.slice(colon + 1)] : [name, "latest"];
}
