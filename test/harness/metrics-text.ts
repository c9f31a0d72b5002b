/** `name{labels}` to its value, of a scrape's text. */
export function samplesOf(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [sample = ""] = line.split(" # ");
    const at = sample.lastIndexOf(" ");
    const name = sample.slice(0, at);
    if (samples.has(name)) throw new Error(`${name} is there twice`);
    samples.set(name, Number(sample.slice(at + 1)));
  }
  return samples;
}

/** The sum over all series of a family, or over those whose labels contain `part`. */
export function total(text: string, name: string, part = ""): number {
  let sum = 0;
  for (const [sample, value] of samplesOf(text)) {
    if (sample.split("{")[0] === name && sample.includes(part)) sum += value;
  }
  return sum;
}
