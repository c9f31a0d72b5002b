/** The first stage of the build: gateway.yaml to the `Gateway` model. */
export { gatewayJsonSchema } from "./gateway-schema.ts";
export { loadGateway, type LoadOptions } from "./load-gateway.ts";
export { parseGateway, type LoadedGateway, type ParseOptions, type Place } from "./parse-gateway.ts";
export { upstreamPlugin } from "./upstream-plugin.ts";
