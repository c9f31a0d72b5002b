/** What the kernel says of this process; undefined where there is no /proc. */
import * as ffi from "ffi";

/** Clock ticks a second in /proc: 100 on every Linux that runs nginx (USER_HZ is part of its ABI). */
const TICKS_PER_SECOND = 100;

// Under a name of our own: others in this Lua may have declared the function too.
ffi.cdef('int autoscale_page_bytes(void) __asm__("getpagesize");');
/** @noSelf */
interface Pages {
  autoscale_page_bytes(): number;
}

/** The text of a file; undefined when it cannot be read. */
export function readText(path: string): string | undefined {
  const [file] = io.open(path, "r");
  if (file === undefined) {
    return undefined;
  }
  const text = file.read("*a");
  file.close();
  return text;
}

/** Seconds of processor used so far. */
export function usedSeconds(): number | undefined {
  // The name in parentheses may hold spaces: count from the last one. Then utime and stime are fields 12 and 13.
  const [user, system] = string.match(
    readText("/proc/self/stat") ?? "",
    "^.*%) %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ %S+ (%d+) (%d+)",
  );
  const userTicks = tonumber(user);
  const systemTicks = tonumber(system);
  if (userTicks === undefined || systemTicks === undefined) {
    return undefined;
  }
  return (userTicks + systemTicks) / TICKS_PER_SECOND;
}

/** Memory that is in use now; pages shared with other processes are in it. */
export function residentBytes(): number | undefined {
  const [resident] = string.match(readText("/proc/self/statm") ?? "", "^%d+ (%d+)");
  const pages = tonumber(resident);
  return pages === undefined ? undefined : pages * (ffi.C as Pages).autoscale_page_bytes();
}
