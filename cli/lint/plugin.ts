import type { ESLint } from "eslint";
import { noCapturedCounter } from "./captured-counter.ts";
import { closureFreeHandlers } from "./closure-free-handlers.ts";
import { destructuredMultiReturn, noArrayDestructuring } from "./multi-returns.ts";
import { syntaxBans } from "./syntax-bans.ts";

/** The rules of the Lua subset of TypeScript, as `lua/<rule>`. */
export const luaPlugin = {
  meta: { name: "autoscale-lua-subset" },
  rules: {
    ...syntaxBans,
    "closure-free-handlers": closureFreeHandlers,
    "no-captured-counter": noCapturedCounter,
    "no-array-destructuring": noArrayDestructuring,
    "destructured-multi-return": destructuredMultiReturn,
  },
} satisfies ESLint.Plugin;
