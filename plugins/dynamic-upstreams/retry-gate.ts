/** Those that nginx retries by itself when nothing is said of methods. */
const IDEMPOTENT: readonly string[] = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

/**
 * Tells whether requests of a method may be sent twice. Undefined when the list is nginx's own: then it keeps to it by
 * itself, and no request is asked for its method.
 */
export function retryGate(methods: readonly string[]): ((this: void, method: string) => boolean) | undefined {
  const allowed: Record<string, true | undefined> = {};
  let known = 0;
  for (const method of methods) {
    allowed[method] = true;
    for (const idempotent of IDEMPOTENT) {
      if (method === idempotent) {
        known += 1;
      }
    }
  }
  if (known === IDEMPOTENT.length && methods.length === known) {
    return undefined;
  }
  return (method) => allowed[method] === true;
}
