import type { Inputs } from '../models/inputs.ts';
import { columnOf } from '../linalg/matrix.ts';
import type { Generator } from '../random/generator.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { fitInputEncoder } from '../transforms/inputEncoder.ts';
import { semidefiniteFactor } from '../linalg/semidefiniteFactor.ts';

/** Length scale of the correlation, in ranges of an input, a root of the number of inputs. */
const lengthscale = 0.4;

/**
 * Standard normal variables that are alike at rows that are alike [count][m]: Matern-5/2 correlation by distance of the
 * encoded rows. For models that say nothing of how their errors hang together.
 */
export function drawByDistance(inputs: Inputs, count: number, generator: Generator): Float64Array[] {
  const X = encodeInputs(fitInputEncoder(inputs, { missing: 'impute' }), inputs);
  const m = X.rowCount;
  const squares = new Float64Array(m * m);
  for (let j = 0; j < X.columnCount; j++) {
    const x = columnOf(X, j);
    for (let a = 0; a < m; a++) for (let b = 0; b < a; b++) squares[a * m + b]! += (x[a]! - x[b]!) ** 2;
  }
  const unit = lengthscale * Math.sqrt(Math.max(1, X.columnCount));
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < a; b++) {
      const s = (Math.sqrt(5) * Math.sqrt(squares[a * m + b]!)) / unit;
      squares[a * m + b] = (1 + s + (s * s) / 3) * Math.exp(-s);
    }
    squares[a * m + a] = 1;
  }
  const L = semidefiniteFactor(squares, m);
  return Array.from({ length: count }, () => {
    const normal = Float64Array.from({ length: m }, () => generator.normal());
    return normal.map((_, a) => {
      let sum = 0;
      for (let b = 0; b <= a; b++) sum += L[a * m + b]! * normal[b]!;
      return sum;
    });
  });
}
