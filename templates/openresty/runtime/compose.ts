/**
 * One function for each phase of a route, made once a worker from the handlers of its plugins. A loop over handlers
 * would end the compiled trace at its head, so short chains are written out; longer ones continue in a tail.
 * All routes share these few prototypes, so LuaJIT compiles them once and not for each route.
 */

/**
 * A handler of one plugin, and what to do with the error when it throws.
 * @noSelf
 */
export interface Link<Argument, Result> {
  readonly run: (argument: Argument) => Result | undefined;
  readonly fault: (thrown: unknown) => void;
}

/**
 * What to do with a result that is not undefined; true when the chain ends there. `fault` is for a result that cannot be
 * acted on: it blames the plugin that gave it.
 */
export type Finish<Result> = (result: Result, fault: (this: void, thrown: unknown) => void) => boolean;

function one<A, R>(argument: A, first: Link<A, R>, finish: Finish<R>): () => void {
  const { run, fault } = first;
  return () => {
    const [ok, result] = pcall(run, argument);
    if (!ok) {
      fault(result);
    } else if (result !== undefined) {
      finish(result, fault);
    }
  };
}

function oneThen<A, R>(argument: A, first: Link<A, R>, finish: Finish<R>, rest: () => void): () => void {
  const { run, fault } = first;
  return () => {
    const [ok, result] = pcall(run, argument);
    if (!ok) {
      fault(result);
    } else if (result !== undefined && finish(result, fault)) {
      return;
    }
    rest();
  };
}

function twoThen<A, R>(
  argument: A,
  first: Link<A, R>,
  second: Link<A, R>,
  finish: Finish<R>,
  rest: () => void,
): () => void {
  const { run: run1, fault: fault1 } = first;
  const { run: run2, fault: fault2 } = second;
  return () => {
    let [ok, result] = pcall(run1, argument);
    if (!ok) {
      fault1(result);
    } else if (result !== undefined && finish(result as R, fault1)) {
      return;
    }
    [ok, result] = pcall(run2, argument);
    if (!ok) {
      fault2(result);
    } else if (result !== undefined && finish(result as R, fault2)) {
      return;
    }
    rest();
  };
}

/** The composed function; `links` may be empty. */
export function compose<A, R>(argument: A, links: readonly Link<A, R>[], finish: Finish<R>, from = 0): () => void {
  const first = links[from];
  const second = links[from + 1];
  if (first === undefined) {
    return () => undefined;
  }
  if (second === undefined) {
    return one(argument, first, finish);
  }
  if (links.length === from + 2) {
    return oneThen(argument, first, finish, one(argument, second, finish));
  }
  return twoThen(argument, first, second, finish, compose(argument, links, finish, from + 2));
}
