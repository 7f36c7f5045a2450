/** An input that gives a target away. */
export interface Leak {
  /** Index of the input's column. */
  readonly input: number;
  /** Index of the target's column. */
  readonly target: number;
  readonly correlation: number;
}

/** A column of numbers with its index, NaN where missing. */
export interface IndexedValues {
  readonly index: number;
  readonly values: Float64Array;
}

const limit = 0.999;
/** Fewer common rows can lie on a line by chance. */
const minRows = 8;
/** A look at these many rows spares most pairs the rest. */
const sampleRows = 256;

/** Finds inputs that are, up to a linear map and a trace of noise, a target under another name. */
export function findLeaks(inputs: readonly IndexedValues[], targets: readonly IndexedValues[]): Leak[] {
  const leaks: Leak[] = [];
  for (const input of inputs) {
    let worst: Leak | null = null;
    for (const target of targets) {
      const step = Math.floor(input.values.length / sampleRows);
      if (step > 1 && !(Math.abs(correlate(input.values, target.values, step)) > limit - 0.01)) continue;
      const correlation = correlate(input.values, target.values, 1);
      if (Math.abs(correlation) > limit && Math.abs(correlation) > Math.abs(worst?.correlation ?? 0))
        worst = { input: input.index, target: target.index, correlation };
    }
    if (worst !== null) leaks.push(worst);
  }
  return leaks;
}

/** Pearson correlation over rows where both are present, every `step`-th; NaN with too few rows or no spread. */
function correlate(x: Float64Array, y: Float64Array, step: number): number {
  let n = 0;
  let meanX = 0;
  let meanY = 0;
  let sxx = 0;
  let syy = 0;
  let sxy = 0;
  for (let i = 0; i < x.length; i += step) {
    const [a, b] = [x[i]!, y[i]!];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    n++;
    // Welford 1962: sums of squares around the running mean.
    const [dx, dy] = [a - meanX, b - meanY];
    meanX += dx / n;
    meanY += dy / n;
    sxx += dx * (a - meanX);
    syy += dy * (b - meanY);
    sxy += dx * (b - meanY);
  }
  if (n < minRows) return NaN;
  // Two roots, because the product of two sums of squares may overflow.
  return sxy / Math.sqrt(sxx) / Math.sqrt(syy);
}
