import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { LuaModule } from "../../cli/build/compile/lua-module.ts";
import { LuaReference, luaLiteral, readAnswer, textLiteral } from "./lua-literal.ts";
import { luaModules } from "./lua-modules.ts";

/** False when there is no `luajit` on PATH: tests that need it skip by name. */
export const hasLuaJit = spawnSync("luajit", ["-v"], { stdio: "ignore" }).status === 0;

/** What a Lua error becomes in Node. */
export class LuaError extends Error {}

/**
 * Starts a LuaJIT that holds compiled modules and answers calls until `stop`.
 * @param modules the modules, or the folders of the repository to compile (default `plugins/_core`)
 */
export async function startLuaJit(
  modules: readonly string[] | readonly LuaModule[] = ["plugins/_core"],
): Promise<LuaJit> {
  const [first] = modules;
  const compiled =
    first === undefined || typeof first === "string"
      ? luaModules(modules as readonly string[])
      : (modules as LuaModule[]);
  const lua = new LuaJit();
  for (const { name, path, lua: text } of compiled) {
    await lua.run(
      `package.preload[${textLiteral(name)}]=assert(loadstring(${textLiteral(text)},${textLiteral(`@${path}`)}))`,
    );
  }
  return lua;
}

interface Waiting {
  readonly resolve: (values: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
}

/** One LuaJIT process. Calls may be made without waiting; they run in order. */
export class LuaJit {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiting[] = [];
  #errors = "";

  constructor() {
    this.#child = spawn("luajit", [fileURLToPath(new URL("luajit-server.lua", import.meta.url))]);
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#answer(line));
    this.#child.stderr.on("data", (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.#child.on("close", () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new LuaError(`luajit ended: ${this.#errors}`));
    });
    this.#child.stdin.on("error", () => undefined);
  }

  #answer(line: string): void {
    const waiting = this.#waiting.shift();
    try {
      const { values = [], error } = readAnswer(line);
      if (error === undefined) waiting?.resolve(values);
      else waiting?.reject(new LuaError(error));
    } catch (cause) {
      waiting?.reject(new LuaError(`cannot read the answer ${line}`, { cause }));
    }
  }

  /** What the Lua code printed or wrote to stderr so far. */
  get printed(): string {
    return this.#errors;
  }

  /** Runs one line of Lua; gives the values it returns. */
  run(code: string): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${code.replaceAll("\n", " ")}\n`);
    });
  }

  /** Calls an exported function; gives its first result. */
  async call(module: string, name: string, ...args: readonly unknown[]): Promise<unknown> {
    return (await this.run(`return ${exported(module, name)}(${list(args)})`))[0];
  }

  /** The same, with every result. */
  callAll(module: string, name: string, ...args: readonly unknown[]): Promise<readonly unknown[]> {
    return this.run(`return ${exported(module, name)}(${list(args)})`);
  }

  /** Calls an exported function; gives its first result and what it made of its arguments. */
  async callAndShow(
    module: string,
    name: string,
    ...args: readonly unknown[]
  ): Promise<{ readonly result: unknown; readonly args: readonly unknown[] }> {
    const count = String(args.length);
    const code = `local a={n=${count},${list(args)}} local r=${exported(module, name)}(unpack(a,1,${count})) return r,unpack(a,1,${count})`;
    const [result, ...after] = await this.run(code);
    return { result, args: after };
  }

  /** Calls an exported function and keeps its first result in Lua. */
  construct(module: string, name: string, ...args: readonly unknown[]): Promise<LuaHandle> {
    return this.keep(`${exported(module, name)}(${list(args)})`);
  }

  /** Evaluates an expression on one line and keeps its value in Lua. */
  async keep(expression: string): Promise<LuaHandle> {
    const [id] = await this.run(`return keep((${expression}))`);
    return new LuaHandle(this, id as number);
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin.end();
    await closed;
  }
}

/** A value kept in the Lua process. */
export class LuaHandle extends LuaReference {
  readonly #lua: LuaJit;

  constructor(lua: LuaJit, id: number) {
    super(id);
    this.#lua = lua;
  }

  /** Calls a member that takes no self, as in every `@noSelf` interface; gives its first result. */
  async call(member: string, ...args: readonly unknown[]): Promise<unknown> {
    return (await this.#lua.run(`return H[${String(this.id)}][${textLiteral(member)}](${list(args)})`))[0];
  }

  /** Calls a member with the object as its first argument. */
  callMethod(member: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.call(member, this, ...args);
  }

  /** A copy of the value. */
  async value(): Promise<unknown> {
    return (await this.#lua.run(`return H[${String(this.id)}]`))[0];
  }
}

function exported(module: string, name: string): string {
  return `require(${textLiteral(module)})[${textLiteral(name)}]`;
}

function list(args: readonly unknown[]): string {
  return args.map(luaLiteral).join(",");
}
