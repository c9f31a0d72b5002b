// The health check of containers that have Node and nothing else: `node healthy.mjs URL`; exit code 0 is healthy.
const answer = await fetch(process.argv[2], { signal: AbortSignal.timeout(4000) });
if (!answer.ok) throw new Error(`status ${answer.status}`);
