import type { FoldQuestion } from '@athanor/schema';
import type { PredictorKind } from '../models/predictors.ts';
import type { Table } from '../table/table.ts';

/** One model to build: a line of the portfolio, or what a user asked for. */
export interface ModelRequest {
  /** Name of the model's record, unique in the session. */
  readonly name: string;
  /** An algorithm, or `ensemble` for what the others of the request make together. */
  readonly kind: PredictorKind;
  /** Keys of the model's default spec to replace; null for none. */
  readonly spec: { readonly [key: string]: unknown } | null;
  /** Keys of the targets to build it for; all of the request when left out. */
  readonly targets?: readonly string[];
}

/** All a build depends on: same request, same models. */
export interface BuildRequest {
  readonly table: Table;
  /** Keys of the columns to model, at least one. */
  readonly targets: readonly string[];
  readonly models: readonly ModelRequest[];
  /** Keys of the columns to learn from, whatever their roles; those whose role is input when left out. */
  readonly inputs?: readonly string[];
  /** Keys to leave out beyond those whose variable's role says so. */
  readonly ignore: readonly string[];
  /** Key of the column that says which rows must stay together; null to find groups in the inputs. */
  readonly group: string | null;
  readonly question: FoldQuestion;
  readonly seed: number;
}
