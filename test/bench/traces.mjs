/** What LuaJIT compiles of a variant in the real engine, and where it gives up: the way to find slow code. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sendRequests } from "./client.mjs";
import { startServer } from "./process.mjs";

const REQUESTS = 6000;

/** Adds jit.v (or jit.dump) to a generated nginx.conf. It must be on before the code it is to see is called. */
function traced(conf, file, dump) {
  const start = dump ? `require("jit.dump").on("+tbim", "${file}")` : `require("jit.v").on("${file}")`;
  const block = /init_by_lua_block\s*\{/;
  if (block.test(conf)) return conf.replace(block, (open) => `${open} ${start}; `);
  return conf.replace(/http\s*\{/, (open) => `${open}\n  init_by_lua_block { ${start} }`);
}

/**
 * @param {import("./gateway-folder.mjs").Gateway} gateway its nginx.conf, in a temporary folder, is changed
 * @param {{ dump: boolean }} options true: the whole code of each trace, from jit.dump
 * @returns {Promise<string>}
 */
export async function traces(gateway, { dump }) {
  const file = join(gateway.prefix, "traces.txt");
  writeFileSync(gateway.conf, traced(readFileSync(gateway.conf, "utf8"), file, dump));
  const args = gateway.args("daemon off; master_process off;");
  const server = await startServer(gateway.program, args, gateway.port);
  try {
    await sendRequests(gateway.port, REQUESTS);
  } finally {
    await server.stop();
  }
  const text = readFileSync(file, "utf8");
  return dump ? text : summary(text);
}

/** Traces in their order; aborts counted, as one that repeats is code that is never compiled. @param {string} text */
function summary(text) {
  const lines = text.trim().split("\n");
  const aborts = new Map();
  for (const line of lines.filter((line) => line.startsWith("[TRACE ---"))) {
    aborts.set(line, (aborts.get(line) ?? 0) + 1);
  }
  const compiled = lines.filter((line) => !line.startsWith("[TRACE ---"));
  const given = [...aborts].sort((a, b) => b[1] - a[1]).map(([line, count]) => `${count} x ${line}`);
  return ["compiled:", ...compiled, "", "given up:", ...(given.length > 0 ? given : ["none"])].join("\n");
}
