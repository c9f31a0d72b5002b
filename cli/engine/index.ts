export { ENGINE_PACKAGES, missingEngineAdvice, missingEngineProblem } from "./advice.ts";
export { CONTAINER_LAUNCHER } from "./container-launcher.ts";
export { findEngine, surveyEngines, type EngineSurvey } from "./find.ts";
export { DEFAULT_OPENRESTY_IMAGE, openrestyImage } from "./images.ts";
export type { CommandResult } from "./run-command.ts";
export type { EngineExit, RunningEngine, StartOptions } from "./running.ts";
export { startEngine } from "./start.ts";
export { testConfig } from "./test-config.ts";
export type { Engine, EngineKind, EnginePreference, Launch } from "./types.ts";
