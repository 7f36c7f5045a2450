import type { ModelRequest, RoutineBuild, StoryLine } from '@athanor/engine';
import type { BuildOptions, FoldQuestion, Warning } from '@athanor/schema';
import type { TableSource } from './tableSource.ts';

/** All that a build depends on, as plain JSON: the same order gives the same models. */
export interface BuildOrder {
  readonly source: TableSource;
  /** Keys of the columns to model, at least one. */
  readonly targets: readonly string[];
  readonly models: readonly ModelRequest[];
  /** Columns to learn from; those whose role is input when left out. */
  readonly inputs?: readonly string[];
  readonly ignore: readonly string[];
  readonly group: string | null;
  readonly question: FoldQuestion;
  readonly seed: number;
  /** Which WebAssembly build is to do the arithmetic; the fastest when left out. */
  readonly arithmetic?: RoutineBuild;
  /** The build that this one repeats. */
  readonly repeats?: {
    readonly sessionId: string;
    readonly version: string;
    readonly artifacts: readonly { readonly model: string; readonly sha256: string }[];
  };
}

/** What somebody wants built, before it is known what that is in full. */
export interface BuildWish {
  /** Null to take the columns whose role says so. */
  readonly targets: readonly string[] | null;
  /** One model that a user posted, its choices in its Metadata; null for the automatic portfolio. */
  readonly model: { readonly name: string; readonly metadata: Readonly<Record<string, unknown>> } | null;
  readonly options: BuildOptions;
}

/** What the server keeps of a plan in its own words: the tasks it schedules, and what the log tells. */
export interface PlanSummary {
  readonly inputs: readonly string[];
  readonly group: string | null;
  readonly tasks: readonly {
    readonly id: string;
    /** Index into the models of the order. */
    readonly model: number;
    /** Index into the targets of the order. */
    readonly target: number;
    readonly after: string | null;
    /** How many fits it has. */
    readonly parts: number;
    readonly estimatedSeconds: number;
  }[];
  readonly targets: readonly {
    readonly key: string;
    readonly rows: number;
    readonly groups: number;
    readonly folds: number;
    readonly repeats: number;
  }[];
  readonly story: readonly StoryLine[];
  readonly warnings: readonly Warning[];
  /** Which WebAssembly build does the arithmetic. */
  readonly arithmetic: string;
}

/** The order of a wish that was refused: kept for the record of why, never run. */
export function refusedOrder(source: TableSource, wish: BuildWish): BuildOrder {
  const { ignore, group, question, seed } = wish.options;
  return {
    source,
    targets: wish.targets ?? [],
    models: wish.model === null ? [] : [{ name: wish.model.name, kind: 'constant', spec: null }],
    ignore: ignore ?? [],
    group: group ?? null,
    question: question ?? 'interpolate',
    seed: seed ?? 1,
  };
}
