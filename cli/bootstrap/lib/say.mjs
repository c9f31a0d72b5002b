/** Prints one line of progress; all of the bootstrap speaks through this. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** `1.2 s` */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
