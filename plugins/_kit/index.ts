/** The public interface for plugin authors: `import { definePlugin, schema } from "autoscale-lua"`. */
export * from "./balancer.ts";
export * from "./context.ts";
export * from "./decision.ts";
export * from "./handlers.ts";
export * from "./manifest.ts";
export * from "./ports.ts";
export * from "./schema/index.ts";
