import { lintConfig } from "./cli/lint/config.ts";

export default lintConfig(import.meta.dirname);
