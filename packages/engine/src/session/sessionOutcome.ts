import type { OutOfFoldPredictions, SessionMetrics, Warning } from '@athanor/schema';

/** A model that came out of a build: its record's name and everything needed to predict, as bytes. */
export interface BuiltModel {
  readonly name: string;
  /** safetensors */
  readonly artifact: Uint8Array;
  /** What it said of each row while that row was held out, by target. */
  readonly outOfFold: readonly OutOfFoldPredictions[];
}

/** A model that could not be built for some target, with the reason; the others stand. */
export interface FailedModel {
  readonly name: string;
  readonly target: string;
  readonly reason: string;
}

/** What a session is once all tasks have landed. */
export interface SessionOutcome {
  readonly metrics: SessionMetrics;
  readonly models: readonly BuiltModel[];
  readonly failed: readonly FailedModel[];
  readonly warnings: readonly Warning[];
}
