/** Limits before a plant in simulated time, by the TypeScript functions or by the same in Lua. */
import { inForce, nextLimit, type InForce } from "../../plugins/_core/concurrency/next-limit.ts";
import { newLimitState, type LimitSettings, type LimitState } from "../../plugins/_core/concurrency/limit-state.ts";
import type { LimitSample } from "../../plugins/_core/concurrency/limit-state.ts";
import { newPlant, type Plant } from "./queueing-plant.ts";

export type Step = (
  settings: LimitSettings,
  state: LimitState,
  sample: LimitSample,
  now: number,
) => LimitState | Promise<LimitState>;

/** What happened in one interval. */
export interface Moment {
  readonly at: number;
  readonly limit: number;
  readonly seconds: number;
  /** Requests a second. */
  readonly goodput: number;
  readonly state: LimitState;
}

export interface Scenario {
  readonly settings: LimitSettings;
  readonly plant: { readonly servers: number; readonly serviceSeconds: number };
  readonly seconds: number;
  readonly seed?: number;
  /** Changes the plant, before each interval. */
  readonly script: (plant: Plant, at: number) => void;
  readonly step?: Step;
}

const INTERVAL_SECONDS = 0.5;

export async function simulate(scenario: Scenario): Promise<readonly Moment[]> {
  const { settings, seconds, script, seed = 1, step = nextLimit } = scenario;
  const plant = newPlant({ ...scenario.plant, rate: 0 }, seed);
  const moments: Moment[] = [];
  let state = newLimitState(settings);
  while (plant.now < seconds) {
    script(plant, plant.now);
    const { others }: InForce = inForce(settings, state);
    plant.limit = others;
    const { sample, done } = plant.pass(INTERVAL_SECONDS);
    state = await step(settings, state, sample, 1_700_000_000 + plant.now);
    moments.push({
      at: plant.now,
      limit: state.limit,
      seconds: sample.seconds,
      goodput: done / INTERVAL_SECONDS,
      state,
    });
  }
  return moments;
}

export const within = (moments: readonly Moment[], from: number, to: number): readonly Moment[] =>
  moments.filter(({ at }) => at > from && at <= to);

export function meanOf(moments: readonly Moment[], figure: (moment: Moment) => number): number {
  return moments.reduce((sum, moment) => sum + figure(moment), 0) / moments.length;
}
