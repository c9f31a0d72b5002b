/**
 * The borders of docs/architecture.md. Each rule has a tree that breaks it in test/architecture/borders.test.ts.
 * @type {import("dependency-cruiser").IConfiguration}
 */
const TESTS = "(\\.test|\\.test-d|\\.test-support|/test-rig|/testing/[^/]+)\\.ts$";

/** Lua modules of the gateways, which no Node resolver finds: `resty.core`, `cjson.safe`, `ngx.balancer`, … */
const LUA_MODULES = "^(apisix|bit|cjson|ffi|jit|kong|ngx|resty|string|table|tablepool)([.]|$)";

/** Where something begins to run: found by name or by scanning the folders, and not by an import. */
const ENTRIES = [
  "^cli/(main|build/precompile)\\.ts$",
  "^cli/(bootstrap|lint)/",
  "^nginx/stack/",
  "^plugins/_kit/index\\.ts$",
  "^plugins/[^/]+/(manifest|plugin|check)\\.ts$",
  "^templates/[^/]+/target\\.ts$",
  "^templates/[^/]+/runtime/",
  "^templates/[^/]+/status-page/view/main\\.ts$",
];

const room = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: TESTS },
  to: { pathNot: allowed },
});

module.exports = {
  forbidden: [
    room("core-imports-nothing", "Algorithms are pure.", "^plugins/_core/", ["^plugins/_core/"]),
    room("kit-imports-core-only", "The kit is contracts.", "^plugins/_kit/", ["^plugins/_(core|kit)/"]),
    room("plugin-imports-its-own-room", "A plugin is one folder: it never knows another.", "^plugins/([^_/][^/]*)/", [
      "^plugins/(_core|_kit|$1)/",
    ]),
    room("runtime-imports-core-and-kit", "The ports over ngx serve every target.", "^nginx/runtime/", [
      "^nginx/runtime/",
      "^plugins/_(core|kit)/",
      LUA_MODULES,
    ]),
    room(
      "host-imports-runtime-core-kit",
      "A host knows no plugin and no other host.",
      "^templates/([^_/][^/]*)/runtime/",
      ["^templates/$1/runtime/", "^nginx/runtime/", "^plugins/_(core|kit)/", LUA_MODULES],
    ),
    {
      name: "targets-are-strangers",
      comment: "A new target is one new folder; what two share is in templates/_shared.",
      severity: "error",
      from: { path: "^templates/([^_/][^/]*)/" },
      to: { path: "^templates/", pathNot: ["^templates/$1/", "^templates/_shared/"] },
    },
    {
      name: "target-imports-model-only",
      comment: "A target renders the model; it does not load, compile or run.",
      severity: "error",
      from: { path: "^templates/", pathNot: ["^templates/[^/]+/runtime/", TESTS] },
      to: {
        path: "^(cli|plugins|nginx|test)/",
        pathNot: ["^cli/build/(model|target|quote|plugin-schema)\\.ts$", "^cli/errors\\.ts$", "^plugins/_kit/"],
      },
    },
    {
      name: "lua-takes-types-only-from-node",
      comment: "Manifests and schemas run in Node: `import type` is all that crosses into the Lua program.",
      severity: "error",
      from: {
        path: "^(plugins|nginx/runtime|templates/[^/]+/runtime)/",
        pathNot: [TESTS, "^plugins/_kit/(index|manifest|schema/.*)", "/manifest[a-z-]*\\.ts$"],
      },
      to: { path: ["/manifest[a-z-]*\\.ts$", "^plugins/_kit/(index\\.ts|schema/)"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "build-knows-no-command",
      comment: "The command line is a skin on the library, never the other way.",
      severity: "error",
      from: { path: "^cli/(build|engine|explain|admin-client|screen|completion)/" },
      to: { path: "^cli/commands/" },
    },
    {
      name: "cli-knows-one-plugin",
      comment:
        "Plugins are found by scanning their folders. One's fields are part of gateway.yaml: its schema is declared there.",
      severity: "error",
      from: { path: "^cli/", pathNot: TESTS },
      to: {
        path: "^plugins/[^_/]",
        pathNot: ["^plugins/dynamic-upstreams/(manifest|config)\\.ts$"],
      },
    },
    {
      name: "admin-client-loads-at-most",
      comment: "It talks to a gateway that runs: all it may read is where that is, in gateway.yaml.",
      severity: "error",
      from: { path: "^cli/admin-client/", pathNot: TESTS },
      to: {
        path: "^(cli|plugins|templates|nginx)/",
        pathNot: ["^cli/(admin-client|build/load)/", "^cli/(build/model|errors)\\.ts$", "^plugins/_kit/schema/"],
      },
    },
    {
      name: "screen-only-draws",
      comment: "What is shown is a function of what the gateway said: no requests, no files.",
      severity: "error",
      from: { path: "^cli/screen/", pathNot: TESTS },
      to: {
        path: "^(cli|plugins|templates|nginx)/",
        pathNot: ["^cli/screen/", "^cli/admin-client/(index|status)\\.ts$"],
      },
    },
    {
      name: "screen-takes-types-of-the-gateway",
      comment: "The same: of the admin client it knows the words, not the requests.",
      severity: "error",
      from: { path: "^cli/screen/", pathNot: TESTS },
      to: { path: "^cli/admin-client/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "engine-knows-no-build",
      comment: "An engine runs a bundle that is on the disk.",
      severity: "error",
      from: { path: "^cli/engine/", pathNot: TESTS },
      to: { path: "^(cli|plugins|templates|nginx)/", pathNot: ["^cli/engine/", "^cli/errors\\.ts$"] },
    },
    {
      name: "nothing-imports-main",
      comment: "cli/main.ts is where the program starts and exits.",
      severity: "error",
      from: { pathNot: TESTS },
      to: { path: "^cli/main\\.ts$" },
    },
    {
      name: "compiler-in-one-room",
      comment: "A build of stock plugins loads no TypeScript: only compile and precompile may.",
      severity: "error",
      from: { pathNot: ["^cli/build/(compile/|precompile)", "^cli/lint/", "^test/", TESTS] },
      to: { path: "node_modules/(typescript|typescript-to-lua)/" },
    },
    {
      name: "product-needs-no-dev-package",
      comment: "What is published runs without devDependencies and without the tests.",
      severity: "error",
      from: {
        path: "^(cli|plugins|templates|nginx)/",
        pathNot: [TESTS, "^cli/(lint|bootstrap)/", "\\.(cases|examples)\\.ts$"],
      },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "product-imports-no-test",
      comment: "Tests know the product, the product no test.",
      severity: "error",
      from: { path: "^(cli|plugins|templates|nginx)/", pathNot: [TESTS, "^cli/bootstrap/"] },
      to: { path: ["^test/", TESTS] },
    },
    {
      name: "everything-resolves",
      comment: "A misspelled import, or a package that is not installed.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: LUA_MODULES },
    },
    {
      name: "no-cycle",
      comment: "Two files that need each other are one file, or miss a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-dead-file",
      comment: "Nothing that runs imports it: it is dead, or only its own test knows it.",
      severity: "error",
      from: { path: ENTRIES },
      to: { path: "^(cli|plugins|nginx|templates)/", pathNot: ["\\.d\\.ts$", TESTS, ...ENTRIES], reachable: false },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^lib/", "^dist/", "/fixtures/", "^templates/_scaffold/", "^test/golden/"] },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default", "node"] },
  },
};
