/** DNS messages as a server writes them (RFC 1035, 4), made apart from the product's own code, which is tested with them. */

export type ZoneRecord =
  | { readonly type: "A" | "AAAA"; readonly ttl: number; readonly address: string }
  | { readonly type: "CNAME"; readonly ttl: number; readonly target: string }
  | {
      readonly type: "SRV";
      readonly ttl: number;
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    };

export interface AnswerRecord {
  readonly name: string;
  readonly record: ZoneRecord;
}

export interface WireAnswer {
  readonly id: number;
  /** As asked: name, type and class in bytes. */
  readonly question: Buffer;
  readonly code?: number;
  readonly truncated?: boolean;
  readonly answers?: readonly AnswerRecord[];
  /** Names that stood before are pointed at; default true. */
  readonly compress?: boolean;
}

export const TYPE_CODES = { A: 1, CNAME: 5, AAAA: 28, SRV: 33 } as const;

/** Writes names, and remembers where each stands. */
class NameWriter {
  readonly #places = new Map<string, number>();
  readonly #compress: boolean;

  constructor(compress: boolean) {
    this.#compress = compress;
  }

  write(name: string, at: number): Buffer {
    const parts: Buffer[] = [];
    let rest = name;
    let place = at;
    while (rest !== "") {
      const known = this.#places.get(rest.toLowerCase());
      if (known !== undefined && this.#compress) {
        parts.push(Buffer.from([0xc0 | (known >> 8), known & 0xff]));
        return Buffer.concat(parts);
      }
      if (place < 0x4000) this.#places.set(rest.toLowerCase(), place);
      const [label = "", ...others] = rest.split(".");
      parts.push(Buffer.from([label.length]), Buffer.from(label, "latin1"));
      place += label.length + 1;
      rest = others.join(".");
    }
    return Buffer.concat([...parts, Buffer.from([0])]);
  }
}

export function pairBytes(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16BE(value, index * 2));
  return bytes;
}

function ipv6Bytes(address: string): Buffer {
  const [before = "", after] = address.split("::");
  const groups = (text: string): number[] => (text === "" ? [] : text.split(":").map((group) => parseInt(group, 16)));
  const [head, tail] = [groups(before), groups(after ?? "")];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => 0);
  return pairBytes(...head, ...zeros, ...tail);
}

function dataOf(record: ZoneRecord, names: NameWriter, at: number): Buffer {
  switch (record.type) {
    case "A":
      return Buffer.from(record.address.split(".").map(Number));
    case "AAAA":
      return ipv6Bytes(record.address);
    case "CNAME":
      return names.write(record.target, at);
    case "SRV":
      return Buffer.concat([
        pairBytes(record.priority, record.weight, record.port),
        names.write(record.target, at + 6),
      ]);
  }
}

/** The name of a question, as it was written. */
export function questionName(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 0; (question[at] ?? 0) > 0; at += (question[at] ?? 0) + 1) {
    labels.push(question.toString("latin1", at + 1, at + 1 + (question[at] ?? 0)));
  }
  return labels.join(".");
}

export function questionBytes(name: string, type: keyof typeof TYPE_CODES): Buffer {
  return Buffer.concat([new NameWriter(false).write(name, 0), pairBytes(TYPE_CODES[type], 1)]);
}

export function answerBytes(answer: WireAnswer): Buffer {
  const { id, question, code = 0, truncated = false, answers = [], compress = true } = answer;
  const names = new NameWriter(compress);
  names.write(questionName(question), 12);
  const flags = 0x8180 | (truncated ? 0x0200 : 0) | code;
  let message = Buffer.concat([pairBytes(id, flags, 1, answers.length, 0, 0), question]);
  for (const { name, record } of answers) {
    const owner = names.write(name, message.length);
    const fixed = Buffer.alloc(10);
    fixed.writeUInt16BE(TYPE_CODES[record.type], 0);
    fixed.writeUInt16BE(1, 2);
    fixed.writeUInt32BE(record.ttl, 4);
    const data = dataOf(record, names, message.length + owner.length + fixed.length);
    fixed.writeUInt16BE(data.length, 8);
    message = Buffer.concat([message, owner, fixed, data]);
  }
  return message;
}
