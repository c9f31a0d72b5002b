import { defineConfig } from "vitest/config";

/** The lanes that have a folder of their own; every other test file is of the lane `unit`. */
const LANES = ["lua", "engine", "browser", "containers", "golden"];

/** Real servers and containers: one file after the other, since the machine is small and ports are its own. */
const oneFileAtATime = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 };

const lane = (name: string) => ({ name, include: [`test/${name}/**/*.test.ts`] });

export default defineConfig({
  test: {
    // A snapshot that is missing is a failure; only -u writes one.
    update: "none",
    globalSetup: "test/harness/join-status-page.ts",
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: ["node_modules", "lib", "dist", ...LANES.map((name) => `test/${name}`)].map((path) => `${path}/**`),
          testTimeout: 30_000,
        },
      },
      { test: { ...lane("lua"), testTimeout: 60_000, hookTimeout: 120_000 } },
      { test: { ...lane("engine"), ...oneFileAtATime } },
      { test: { ...lane("browser"), ...oneFileAtATime } },
      { test: { ...lane("containers"), ...oneFileAtATime, globalSetup: "test/containers/global-setup.ts" } },
      { test: { ...lane("golden"), testTimeout: 30_000 } },
    ],
  },
});
