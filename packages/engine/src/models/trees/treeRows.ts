import { takeMatrixRows, type Matrix } from '../../linalg/matrix.ts';
import { encodeInputs } from '../../transforms/encodeInputs.ts';
import { fitInputEncoder, type InputEncoder } from '../../transforms/inputEncoder.ts';
import { fitTargetScale, standardizeTarget, type TargetScale } from '../../transforms/targetScale.ts';
import type { FitData } from '../model.ts';
import { splitRowWeights } from '../splitRowWeights.ts';

/** Training rows as trees see them: encoded with gaps, standardised, in an order of their own. */
export interface TreeRows {
  readonly encoder: InputEncoder;
  readonly target: TargetScale;
  /** Cells, missing ones NaN [n, d]. */
  readonly X: Matrix;
  /** Standardised target [n]. */
  readonly z: Float64Array;
  /** Weight of each row, 1 on average [n]. */
  readonly weights: Float64Array;
  /** [n] */
  readonly groups: Int32Array;
}

/**
 * Prepares rows for growing trees. They are sorted by their cells and target, so that random draws of rows fall on the
 * same experiments whichever order these came in.
 *
 * @throws EngineError when the weight column is absent or holds something else than weights
 */
export function prepareTreeRows(data: FitData, weightColumn: string | null): TreeRows {
  const { inputs, weights } = splitRowWeights(data.inputs, weightColumn);
  const encoder = fitInputEncoder(inputs, { missing: 'keep', hasTotal: true });
  const X = encodeInputs(encoder, inputs);
  const order = sortRows(X, data.y, weights);
  const y = Float64Array.from(order, (i) => data.y[i]!);
  const target = fitTargetScale(y);
  return {
    encoder,
    target,
    X: takeMatrixRows(X, order),
    z: standardizeTarget(target, y),
    weights: Float64Array.from(order, (i) => weights[i]!),
    groups: order.map((i) => data.groups[i]!),
  };
}

/** Rows by their cells, column after column, then by target and weight; missing cells first. */
function sortRows(
  { rowCount: n, columnCount: d, values, stride }: Matrix,
  y: Float64Array,
  weights: Float64Array,
): Int32Array {
  const rank = (cell: number): number => (Number.isNaN(cell) ? -Infinity : cell);
  return Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => {
    for (let j = 0; j < d; j++) {
      const left = rank(values[j * stride + a]!);
      const right = rank(values[j * stride + b]!);
      if (left !== right) return left < right ? -1 : 1;
    }
    return y[a]! - y[b]! || weights[a]! - weights[b]!;
  });
}
