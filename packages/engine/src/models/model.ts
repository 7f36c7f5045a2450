import type { Warning } from '@athanor/schema';
import type { GraphBuilder } from '../onnx/graphBuilder.ts';
import type { PlainData } from '../plainData.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import type { PosteriorGraph } from '../posteriors/posteriorGraph.ts';
import type { Generator } from '../random/generator.ts';
import type { InputGraph } from '../transforms/inputGraph.ts';
import type { InputColumn, Inputs } from './inputs.ts';

/** Name of an algorithm in the registry, e.g. `gaussianProcess`; `findModel` knows which there are. */
export type ModelKind = string;

/** Kinds that err alike: an ensemble gives the families, not the kinds, an equal say. */
export type ModelFamily = 'mean' | 'linear' | 'gaussianProcess' | 'trees';

/** Another spec of a model that the automatic portfolio has under a name of its own. */
export interface ModelVariant {
  /** Name of its record. */
  readonly title: string;
  /** Keys of the default spec to replace. */
  readonly changes: { readonly [key: string]: PlainData };
  /** As that of the model. */
  isOffered(rowCount: number, inputs: Inputs): boolean;
}

/** What a model is fitted to: rows with a value of the target. */
export interface FitData {
  readonly inputs: Inputs;
  /** Target in its own unit [n]; finite, n >= 2. */
  readonly y: Float64Array;
  /** Group of each row, 0 .. groupCount-1 [n]; rows of one group never straddle a split inside the fit either. */
  readonly groups: Int32Array;
  /** Measurements of other targets that go along with this one, for models that can learn from them; mostly left out. */
  readonly companions?: CompanionData;
}

/** Measurements of other targets, some of them in rows that have no value of the one to learn. */
export interface CompanionData {
  /** Inputs of the rows of the target [n], then of those of each companion, one after the other. */
  readonly inputs: Inputs;
  /** At least one, sorted by key. */
  readonly targets: readonly {
    readonly key: string;
    /** In its own unit; finite. */
    readonly y: Float64Array;
    /** Group of each row, numbered as those of the target; a row held out is in none of them. */
    readonly groups: Int32Array;
  }[];
}

export interface FitResult<Fitted> {
  readonly fitted: Fitted;
  readonly warnings: readonly Warning[];
}

/**
 * A model: how to learn and how to predict, and nothing about who uses it. Learning is pure: the same data, spec
 * and generator give the same bytes. Everything data-driven (imputation, scaling, transforms, penalties) happens
 * inside `fit`, so that cross-validation by refitting is honest.
 *
 * `Spec` is plain JSON: the untrained model with its hyperparameters. `Fitted` is plain data: the trained model.
 * Both are declared as `type`, not `interface`, so that the compiler can see that they are plain.
 */
export interface Model<Spec extends PlainData, Fitted extends PlainData> {
  readonly kind: ModelKind;
  readonly family: ModelFamily;
  /** Name a chemist reads on the leaderboard, e.g. `Gaussian process`. */
  readonly title: string;
  /** Rank in the order simplest first; a tie within the uncertainty of the score goes to the simpler model. */
  readonly simplicity: number;
  readonly defaultSpec: Spec;
  /**
   * Whether the automatic portfolio has this model for a target. Who asks for a model by name gets it all the same.
   * @param inputs of the n rows with a value of the target
   */
  isOffered(rowCount: number, inputs: Inputs): boolean;
  readonly variants?: readonly ModelVariant[];
  /** Rough seconds of one processor for one fit of n rows with d encoded inputs; used to plan and to tell time left. */
  estimateFitSeconds(rowCount: number, inputCount: number): number;
  /** Rough bytes that one fit takes beyond a few copies of its rows; left out where that is little. */
  estimateFitBytes?(rowCount: number, inputCount: number): number;
  /** @throws EngineError when nothing can be learnt. */
  fit(data: FitData, spec: Spec, generator: Generator): FitResult<Fitted>;
  predict(fitted: Fitted, inputs: Inputs): Posterior;
  /**
   * Like `predict` in less time, for many candidates that are only to be ranked: means and standard deviations differ by
   * less than a thousandth of the standard deviation. Where it is missing, `predict` serves.
   */
  predictCandidates?(fitted: Fitted, inputs: Inputs): Posterior;
  /** `predict` as operators of ONNX; left out by a model that cannot be exported. */
  predictInGraph?(fitted: Fitted, graph: GraphBuilder, inputs: InputGraph): PosteriorGraph;
  /** A spec that starts the next fit from what this one found; used for the folds after the fit on all rows. */
  warmStart?(spec: Spec, fitted: Fitted): Spec;
  /**
   * Checks that data read from an artifact really is a fitted model of this kind: shapes agree, indices are in
   * range, numbers finite.
   * @throws EngineError with code ARTIFACT_INVALID.
   */
  check(data: PlainData): Fitted;
  /**
   * Checks values of a spec whose keys and types are already known to be those of `defaultSpec`, except that in place
   * of a null there may be a number, a text or an object.
   * @param inputs the spec may speak of
   * @throws EngineError with code OPTION_INVALID that names the key and the values allowed.
   */
  checkSpec?(spec: Spec, inputs: readonly InputColumn[]): void;
  /** Keys of inputs that a fit with this spec reads and a prediction may leave out, such as weights of the rows. */
  spareInputs?(spec: Spec): readonly string[];
  /**
   * Joint draws of the noise-free target at m rows, in its unit [count][m]. A model without it is taken to err alike at
   * rows that are alike.
   */
  drawJointly?(fitted: Fitted, inputs: Inputs, count: number, generator: Generator): Float64Array[];
  /** A coarser model that predicts much the same for less, for ranking very many rows. */
  thin?(fitted: Fitted): Fitted;
  /** Checks of the conformance suite that do not apply to this model, each with the reason. */
  readonly exemptions?: { readonly [check: string]: string };
}
