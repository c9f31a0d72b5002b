/** For each rule of the Lua subset, code it refuses and the code to write instead. */
export interface Example {
  readonly bad: readonly string[];
  readonly good: readonly string[];
}

export const examples: Readonly<Record<string, Example>> = {
  "lua/no-modulo": {
    bad: [
      "export const odd = (n: number) => n % 2 === 1;",
      "export function f(n: number) { let m = n; m %= 3; return m; }",
    ],
    good: ["export const rest = (n: number) => n - 2 * Math.floor(n / 2);"],
  },
  "lua/no-throw": {
    bad: ["export function f() { throw new Error('lost'); }"],
    good: ["export function f(): string | undefined { return 'says what is wrong'; }"],
  },
  "lua/no-try": {
    bad: ["export function f(g: () => void) { try { g(); } finally { g(); } }"],
    good: ["export function f(g: () => void) { g(); }"],
  },
  "lua/no-spread": {
    bad: [
      "export const copy = (list: readonly number[]) => [...list];",
      "export function f(...rest: number[]) { return rest; }",
      "export function f(all: { a: number; b: number }) { const { a, ...rest } = all; return [a, rest]; }",
    ],
    good: ["export function f(first: number, second: number) { return first + second; }"],
  },
  "lua/no-class": {
    bad: ["export class Counter { count = 0; }", "export const counter = class { count = 0; };"],
    good: ["export function counter() { let count = 0; return { next: () => { count += 1; return count; } }; }"],
  },
  "lua/no-switch": {
    bad: ["export function f(n: number) { switch (n) { case 1: return 'one'; default: return 'many'; } }"],
    good: ["export function f(n: number) { if (n === 1) return 'one'; return 'many'; }"],
  },
  "lua/no-array-lambda": {
    bad: [
      "export const twice = (list: readonly number[]) => list.map((n) => n * 2);",
      "export const any = (list: readonly number[]) => list.some(function (n) { return n > 2; });",
      "export const sum = (list?: readonly number[]) => list?.reduce((a, b) => a + b, 0);",
    ],
    good: [
      "export function f(every: { every: (seconds: number, task: () => void) => void }) { every.every(1, () => 2); }",
      "export function sum(list: readonly number[]) { let s = 0; for (const n of list) s += n; return s; }",
    ],
  },
  "lua/no-regex": {
    bad: ["export const f = (s: string) => /^a/.test(s);", "export const r = new RegExp('^a');"],
    good: ["export const f = (s: string) => s.charCodeAt(0) === 97;"],
  },
  "lua/no-async": {
    bad: ["export async function f(p: Promise<void>) { await p; }", "export function* f() { yield 1; }"],
    good: ["export function f(sleep: (seconds: number) => void) { sleep(1); }"],
  },
  "lua/no-accessor": {
    bad: ["export const o = { get size() { return 1; } };"],
    good: ["export const o = { size: () => 1 };", "export const o = { get(key: string) { return key; } };"],
  },
  "lua/no-null": {
    bad: ["export const absent = (value: string | null) => value === null;"],
    good: ["export const absent = (value: string | undefined) => value === undefined;"],
  },
  "lua/no-default-export": {
    bad: ["export default 1;"],
    good: ["export const one = 1;"],
  },
  "lua/no-delete": {
    bad: ["export function f(o: { a?: number }) { delete o.a; }"],
    good: ["export function f(o: { a: number | undefined }) { o.a = undefined; }"],
  },
  "lua/no-object-statics": {
    bad: ["export const names = (o: Record<string, string>) => Object.keys(o);"],
    good: ["export const names = (o: { names: readonly string[] }) => o.names;"],
  },
  "lua/closure-free-handlers": {
    bad: [
      "export const create = () => ({ access() { return () => 1; } });",
      "export const create = () => ({ log: () => { const late = () => 1; return late(); } });",
      "export function create() { function access() { return function () { return 1; }; } return { access }; }",
      "export function create() { const header_filter = () => () => 1; return { header_filter }; }",
    ],
    good: ["export function create() { const one = () => 1; return { access: () => one(), log() { one(); } }; }"],
  },
  "lua/no-captured-counter": {
    bad: [
      "export function f(run: (task: () => number) => void) { for (let i = 0; i < 3; i++) { run(() => i); } }",
      "export function f(keep: (() => number)[]) { for (let i = 0; i < 3; i++) { keep.push(function () { return i; }); } }",
    ],
    good: [
      "export function f(run: (n: number) => void) { for (let i = 0; i < 3; i++) { run(i); } }",
      "export function f(run: (task: () => number) => void) { for (const n of [1, 2]) { run(() => n); } }",
    ],
  },
  "lua/no-array-destructuring": {
    bad: ["export function f(pair: readonly [string, string]) { const [a, b] = pair; return a + b; }"],
    good: ["export function f(get: () => LuaMultiReturn<[string, string]>) { const [a, b] = get(); return a + b; }"],
  },
  "lua/destructured-multi-return": {
    bad: ["export function f(get: () => LuaMultiReturn<[string, string]>) { const a = get(); return a; }"],
    good: ["export function f(get: () => LuaMultiReturn<[string, string]>) { const [a] = get(); return a; }"],
  },
  "@typescript-eslint/strict-boolean-expressions": {
    bad: [
      "export const f = (s: string) => (s ? 1 : 2);",
      "export const f = (n: number) => { if (n) return 1; return 2; };",
      "export const f = (n: number | undefined) => n || 5;",
    ],
    good: ["export const f = (s: string, n: number) => (s !== '' && n !== 0 ? 1 : 2);"],
  },
  "@typescript-eslint/restrict-template-expressions": {
    bad: ["export const f = (n: number) => `n:${n}`;", "export const f = (b: boolean) => `b:${b}`;"],
    good: ["export const f = (s: string) => `s:${s}`;"],
  },
  "@typescript-eslint/no-invalid-void-type": {
    bad: ["export function f(nothing: void) { return nothing; }"],
    good: ["export type F = (this: void, n: number) => number;"],
  },
  "@typescript-eslint/restrict-plus-operands": {
    bad: ["export const f = (n: number) => 'n:' + n;"],
    good: ["export const f = (s: string) => 's:' + s;"],
  },
};
