import { columnOf, createMatrix, type Matrix } from '../linalg/matrix.ts';
import { PlainDataReader } from '../plainDataReader.ts';
import { checkInputEncoder } from '../transforms/checkInputEncoder.ts';
import { findClosure } from '../transforms/closeAmounts.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { encodeInputsInGraph } from '../transforms/inputGraph.ts';
import { describeColumns, fitInputEncoder, type InputEncoder } from '../transforms/inputEncoder.ts';
import type { Inputs } from './inputs.ts';
import {
  checkBlendComponents,
  fitBlendComponents,
  componentsInGraph,
  toComponents,
  type BlendComponents,
} from './linear/blendComponents.ts';
import {
  checkBlendTerms,
  countBlendTerms,
  evaluateBlendTerms,
  evaluateBlendTermsInGraph,
  listBlendTerms,
  placesPerTerm,
  type BlendOrder,
  type BlendTerms,
  type ProcessMode,
} from './linear/blendTerms.ts';
import { fitRidge, type RidgeResult } from './linear/fitRidge.ts';
import { checkLinearFit, predictLinearFit, type LinearFit } from './linear/linearFit.ts';
import { predictLinearFitInGraph } from './linear/predictLinearFitInGraph.ts';
import { standardizeTerms } from './linear/standardizeTerms.ts';
import type { Model } from './model.ts';
import { SpecChecker } from './specChecker.ts';

type ScheffeSpec = {
  /** Components that meet in a term: 1, 2 or 3; null for the best that the rows allow. */
  readonly order: number | null;
  /** What process columns do: `none`, `additive` or `crossed`; null for the best that the rows allow. */
  readonly process: string | null;
  /** Ridge penalty of the standardised terms; null for the one with the smallest leave-group-out error. */
  readonly penalty: number | null;
};

type ScheffeFitted = LinearFit & {
  /** Null where no amounts vary: then only the process does anything. */
  readonly components: BlendComponents | null;
  readonly encoder: InputEncoder;
  /** Middle of each process column. */
  readonly middles: Float64Array;
  readonly terms: BlendTerms;
};

/** Rows a term needs. */
const rowsPerTerm = 1.5;
const maxTerms = 150;
const penalties = { penaltyCount: 40, smallestPenalty: 1e-6, largestPenalty: 1e3 };
const orders: readonly BlendOrder[] = [1, 2, 3];
const modes: readonly ProcessMode[] = ['none', 'additive', 'crossed'];
/** Process columns are followed this far beyond their range, 1 wide. */
const reach = 1;

/**
 * Scheffe's mixture polynomials (H. Scheffe, Journal of the Royal Statistical Society B 20, 1958, 344): blending of the
 * components of a composition in L-pseudo-components, linear, by pairs or by triples, and with process columns added or
 * crossed (J. Cornell, Experiments with Mixtures, 3rd ed., 2002, chapter 7). Of the designs with a row and a half a
 * term the one with the smallest leave-group-out error is taken, by ridge regression against terms that say the same.
 */
export const scheffeModel: Model<ScheffeSpec, ScheffeFitted> = {
  kind: 'scheffe',
  title: 'Mixture polynomial',
  simplicity: 2,
  defaultSpec: { order: null, process: null, penalty: null },
  isOffered: (_, inputs) => findClosure(inputs) !== null,
  estimateFitSeconds(n, d) {
    const terms = Math.min(maxTerms, n / rowsPerTerm, d * d);
    return 3e-3 + 2e-8 * n * terms * terms;
  },

  checkSpec(spec, inputs) {
    const check = new SpecChecker(spec, inputs);
    check.wholeNumberOrNull('order', 1, 3);
    if (spec.penalty !== null && !(spec.penalty >= 1e-12 && spec.penalty <= 1e12))
      check.refuse('penalty', 'from 1e-12 to 1e12, or null');
    if (spec.process !== null && !modes.includes(spec.process as ProcessMode))
      check.refuse('process', `null or one of ${modes.join(', ')}`);
  },

  fit({ inputs, y, groups }, spec) {
    const components = fitBlendComponents(inputs);
    const encoder = fitInputEncoder(withoutAmounts(inputs, components), { missing: 'impute' });
    const blend = blendOf(components, inputs);
    const Z = encodeInputs(encoder, inputs);
    hold(Z);
    const middles = Float64Array.from({ length: Z.columnCount }, (_, j) => {
      const z = columnOf(Z, j);
      return z.reduce((sum, value) => sum + value, 0) / z.length;
    });
    subtract(Z, middles);
    const { penalty } = spec;
    const range =
      penalty === null ? penalties : { penaltyCount: 1, smallestPenalty: penalty, largestPenalty: penalty };
    let best: { terms: BlendTerms; result: RidgeResult } | null = null;
    for (const { order, mode } of listDesigns(y.length, blend.columnCount, Z.columnCount, spec)) {
      const terms = listBlendTerms(blend.columnCount, Z.columnCount, order, mode);
      const X = evaluateBlendTerms(terms, blend, Z);
      const result = fitRidge(
        X,
        standardizeTerms(X, () => 1),
        y,
        groups,
        range,
      );
      if (best === null || result.leftOutSquares < best.result.leftOutSquares) best = { terms, result };
    }
    const { terms, result } = best!;
    return { fitted: { components, encoder, middles, terms, ...result.fit }, warnings: [] };
  },

  predict({ components, encoder, middles, terms, ...fit }, inputs) {
    const Z = encodeInputs(encoder, inputs);
    hold(Z);
    subtract(Z, middles);
    return predictLinearFit(fit, evaluateBlendTerms(terms, blendOf(components, inputs), Z));
  },

  predictInGraph({ components, encoder, middles, terms, ...fit }, graph, inputs) {
    return predictLinearFitInGraph(fit, graph, inputs, (own) => {
      const blend = components === null ? [] : componentsInGraph(own, components, inputs);
      const process = encodeInputsInGraph(own, encoder, inputs).map((z, j) =>
        own.subtract(own.clip(z, -reach, 1 + reach), middles[j]!),
      );
      return evaluateBlendTermsInGraph(own, terms, blend, process, inputs);
    });
  },

  check(data) {
    const reader = new PlainDataReader(data);
    const components = reader.field('components');
    const checked = components.isNull() ? null : checkBlendComponents(components);
    const encoder = checkInputEncoder(reader.field('encoder'));
    const r = describeColumns(encoder).length;
    const terms = checkBlendTerms(reader.field('terms'), checked?.lower.length ?? 0, r);
    return {
      components: checked,
      encoder,
      middles: reader.field('middles').float64(r),
      terms,
      ...checkLinearFit(reader, terms.length / placesPerTerm),
    };
  },
};

/** Designs that the rows allow, simplest first; the simplest in any case. */
function listDesigns(
  n: number,
  q: number,
  r: number,
  spec: ScheffeSpec,
): { order: BlendOrder; mode: ProcessMode }[] {
  const all = orders
    .filter((order) => (spec.order === null ? order === 1 || order <= q : order === spec.order))
    .flatMap((order) =>
      modes
        // Without components there is nothing but the process.
        .filter((mode) =>
          spec.process !== null
            ? mode === spec.process
            : q === 0
              ? mode === 'additive'
              : r > 0 || mode === 'none',
        )
        .map((mode) => ({ order, mode })),
    );
  const allowed = all.filter(({ order, mode }) => {
    const count = countBlendTerms(q, r, order, mode);
    return count <= maxTerms && n >= rowsPerTerm * count;
  });
  return allowed.length === 0 ? all.slice(0, 1) : allowed;
}

function withoutAmounts(inputs: Inputs, components: BlendComponents | null): Inputs {
  if (components === null) return inputs;
  return { ...inputs, columns: inputs.columns.filter(({ column }) => !components.keys.includes(column.key)) };
}

function blendOf(components: BlendComponents | null, inputs: Inputs): Matrix {
  return components === null ? createMatrix(inputs.rowCount, 0) : toComponents(components, inputs);
}

/** Keeps process columns within their reach. */
function hold(Z: Matrix): void {
  for (let k = 0; k < Z.values.length; k++) Z.values[k] = Math.min(1 + reach, Math.max(-reach, Z.values[k]!));
}

function subtract(Z: Matrix, middles: Float64Array): void {
  middles.forEach((middle, j) => {
    const z = columnOf(Z, j);
    for (let i = 0; i < z.length; i++) z[i]! -= middle;
  });
}
