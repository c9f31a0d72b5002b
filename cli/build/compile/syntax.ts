import { spawn } from "node:child_process";
import type { Problem } from "../../errors.ts";
import type { LuaModule } from "./lua-module.ts";

/** Reads `<path>\n<bytes>\n<text>` until the end and prints each syntax error on a line of its own. */
const CHECKER = `
for path in io.lines() do
  local text = io.read(tonumber(io.read("*l")))
  local chunk, message = loadstring(text or "", "=" .. path)
  if not chunk then print((message:gsub("\\n", " "))) end
end`;

/**
 * Has LuaJIT parse every module, in one process.
 * @returns the problems, or `"no luajit"` when there is none on PATH: then nothing was checked
 */
export async function checkLuaSyntax(
  modules: readonly Pick<LuaModule, "path" | "lua">[],
  luajit = "luajit",
): Promise<Problem[] | "no luajit"> {
  const input = modules.flatMap(({ path, lua }) => {
    const bytes = Buffer.from(lua);
    // A chunk of length 0 cannot be read back: io.read(0) only tests for the end of the input.
    return bytes.length === 0 ? [] : [Buffer.from(`${path}\n${String(bytes.length)}\n`), bytes];
  });
  const output = await run(luajit, Buffer.concat(input));
  if (output === undefined) return "no luajit";
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map(toProblem);
}

function toProblem(line: string): Problem {
  const found = /^(.*?):(\d+): (.*)$/.exec(line);
  if (found === null) return { code: "E_PLUGIN_LUA", message: line };
  const [, file = "", number = "1", message = ""] = found;
  return { code: "E_PLUGIN_LUA", file, line: Number(number), message };
}

/** The checker's output, or undefined when the program does not exist. */
function run(program: string, input: Buffer): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["-e", CHECKER], { stdio: ["pipe", "pipe", "pipe"] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve(undefined);
      else reject(error);
    });
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString());
      else reject(new Error(`${program} could not check the syntax: ${Buffer.concat(errors).toString()}`));
    });
    // A child that is gone closes its end; "error" or "close" above says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
