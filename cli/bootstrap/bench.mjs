/** `npm run bench`: see test/bench/run.mjs. */
import { main } from "../../test/bench/run.mjs";

process.exitCode = await main();
