/**
 * What one worker of the node does for all. Called each second; `begin` runs when this worker becomes the one, and what it
 * starts ends when `running` says false: one that loses its part and gets it back begins anew.
 * @returns true while this worker is the one
 */
export function leadership(
  isLeader: (this: void) => boolean,
  begin: (this: void, running: () => boolean) => void,
): (this: void) => boolean {
  let leads = false;
  let term = 0;
  return () => {
    const now = isLeader();
    if (now && !leads) {
      term += 1;
      const own = term;
      begin(() => own === term && isLeader());
    }
    if (!now && leads) {
      term += 1;
    }
    leads = now;
    return now;
  };
}
