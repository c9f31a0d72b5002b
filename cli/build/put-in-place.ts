/** The last step of a build: the staged bundle takes the place of the old one by a rename. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** Other builds into the same place that may come in between. */
const TRIES = 20;

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Moves `from` to `to`. False: `to` is there, and is not empty. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOTEMPTY" || codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function keepRuntimeFolders(from: string, to: string, runtimeFolders: readonly string[]): Promise<void> {
  for (const name of runtimeFolders) {
    const kept = join(from, name);
    if (!existsSync(kept) || (await readdir(kept)).length === 0) continue;
    await rm(join(to, name), { recursive: true, force: true });
    await rename(kept, join(to, name));
  }
}

/**
 * Puts `staged` at `place`. What was there goes to names that begin with `aside`, gives up what nginx wrote, and is removed.
 * When that fails half-way, what was there is put back.
 * @param runtimeFolders those the host writes to; a new bundle takes over what the old one has in them
 */
export async function putInPlace(
  staged: string,
  place: string,
  aside: string,
  runtimeFolders: readonly string[],
): Promise<void> {
  for (const name of runtimeFolders) {
    // What the inspection wrote: the engine's own log of the check.
    await rm(join(staged, name), { recursive: true, force: true });
    await mkdir(join(staged, name));
  }
  const old: string[] = [];
  try {
    for (let tries = 0; !(await moved(staged, place)); tries += 1) {
      if (tries === TRIES) throw new Error(`${TRIES} other builds took ${place} meanwhile`);
      const next = `${aside}${tries}`;
      await rename(place, next).then(
        () => old.push(next),
        (error: unknown) => {
          if (codeOf(error) !== "ENOENT") throw error;
        },
      );
    }
    for (const folder of old) await keepRuntimeFolders(folder, place, runtimeFolders);
  } catch (error) {
    const last = old.pop();
    if (last !== undefined && !existsSync(place)) await rename(last, place);
    throw error;
  } finally {
    await Promise.all(old.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
