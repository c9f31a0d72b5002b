/** Those that nginx retries by itself when nothing is said of methods. */
const IDEMPOTENT: readonly string[] = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

/** Tells whether requests of a method may be sent twice. */
export function retryGate(methods: readonly string[]): (this: void, method: string) => boolean {
  const allowed: Record<string, true | undefined> = {};
  for (const method of methods) {
    allowed[method] = true;
  }
  return (method) => allowed[method] === true;
}

/** True when the list is nginx's own: then nginx keeps to it by itself, and no request need be asked for its method. */
export function isNginxOwn(methods: readonly string[]): boolean {
  let known = 0;
  for (const method of methods) {
    for (const idempotent of IDEMPOTENT) {
      if (method === idempotent) {
        known += 1;
      }
    }
  }
  return known === IDEMPOTENT.length && methods.length === known;
}
