import type { DesignMode } from '@athanor/schema';
import type { Generator } from '../random/generator.ts';
import { normalCdf } from '../special/normalCdf.ts';
import { FallingOrder } from './fallingOrder.ts';
import { areaGain, hypervolumeGain, nondominated } from './hypervolume.ts';
import { exponentOf, gainOf, type ResolvedObjective } from './resolvedObjective.ts';

/** Joint draws at rows: those measured, those pending, then the candidates. */
export interface JointDraws {
  /** Noise-free values, one an objective [objective][draw][row]. */
  readonly values: readonly (readonly Float64Array[])[];
  /** Standard deviation of one measurement about the noise-free value, one an objective [objective][row]. */
  readonly noiseSd: readonly Float64Array[];
  /** Rows measured, the first ones. */
  readonly measured: number;
  /** Rows pending, after them. */
  readonly pending: number;
}

/** Gain differences below this count as nearly none; keeps a slope where no draw improves (Ament et al. 2023, eq. 10). */
const widestTemperature = 1e-2;
/**
 * The same as a share of the standard deviation of the best so far: near an optimum all differences are small, and what is
 * smoothed more coarsely is the mean, to which a whole batch then goes.
 */
const temperatureShare = 0.1;
const leastTemperature = 1e-6;
/** More optimised objectives than this are scalarised in place of a volume. */
const maxVolumeObjectives = 4;
/** How far below the worst measured value a volume begins, as a share of the way from there to the best. */
const referenceMargin = 0.1;

/** A gain that anything beats. */
const farBelow = 1e3;

/** A batch in the making: what it has so far, draw by draw, and what each candidate would add. */
export class BatchRace {
  readonly candidateCount: number;
  /** Value of each candidate given what was taken. */
  readonly values: FallingOrder;
  readonly #first: number;
  readonly #drawCount: number;
  readonly #mode: DesignMode;
  readonly #generator: Generator;
  /** Gains of the optimised objectives [k][row][draw]. */
  readonly #gains: readonly (readonly Float64Array[])[];
  /** Probability of the criteria given the noise-free values [row][draw]. */
  readonly #meets: readonly Float64Array[];
  /** Best gain so far of each draw, for one objective or none. */
  readonly #best: Float64Array;
  /** Front so far of each draw, for several. */
  readonly #fronts: Float64Array[][];
  readonly #reference: Float64Array;
  /** Values [row][draw] and noise [row] of the only objective that is optimised; null for none or several. */
  readonly #single: { readonly values: readonly Float64Array[]; readonly noiseSd: Float64Array } | null;
  /** Rows measured, pending and taken. */
  readonly #known: number[];
  #temperature = widestTemperature;
  /** The draw whose best is sought; null for the mean over all. */
  #only: number | null = null;

  constructor(
    objectives: readonly ResolvedObjective[],
    { values, noiseSd, measured, pending }: JointDraws,
    mode: DesignMode,
    generator: Generator,
  ) {
    this.#drawCount = values[0]!.length;
    this.#first = measured + pending;
    this.#mode = mode;
    this.#generator = generator;
    const byRow = values.map(transpose);
    this.candidateCount = byRow[0]!.length - this.#first;
    const optimized = objectives.flatMap((objective, t) =>
      objective.goal === 'meet' ? [] : [{ objective, t }],
    );
    this.#meets = meeting(objectives, byRow, noiseSd);
    let gains: readonly (readonly Float64Array[])[] = optimized.map(({ objective, t }) => {
      const rows = roomFor(byRow[t]!.length, this.#drawCount);
      rows.forEach((row, i) => {
        const values = byRow[t]![i]!;
        for (let s = 0; s < row.length; s++) row[s] = gainOf(objective, values[s]!);
      });
      return rows;
    });
    if (mode === 'explore') gains = gains.map(exaggerate);
    if (mode === 'exploit') gains = gains.map(flatten);
    const weights = optimized.map(({ objective }) => objective.weight);
    if (gains.length > maxVolumeObjectives || (gains.length > 1 && mode === 'thompson'))
      gains = [scalarize(gains, weights, generator)];
    this.#gains = gains;
    this.#best = new Float64Array(this.#drawCount);
    this.#fronts = Array.from({ length: this.#drawCount }, () => []);
    this.#reference = Float64Array.from(gains, (rows) => referenceOf(rows.slice(0, measured)));
    const [only] = optimized;
    this.#single = optimized.length === 1 ? { values: byRow[only!.t]!, noiseSd: noiseSd[only!.t]! } : null;
    this.#known = Array.from({ length: this.#first }, (_, row) => row);
    this.#start(measured);
    if (gains.length === 1) this.#temperature = temperatureOf(this.#best);
    const bounds = Float64Array.from({ length: this.candidateCount }, (_, i) =>
      this.#boundOf(this.#first + i),
    );
    this.values = new FallingOrder(bounds, (i) => this.#valueOf(this.#first + i));
  }

  #start(measured: number): void {
    const k = this.#gains.length;
    for (let s = 0; s < this.#drawCount; s++) {
      if (k <= 1) {
        // Without a measured row that meets the criteria, any gain above the middle of the data is one.
        let best = k === 0 ? 0 : this.#mode === 'explore' ? -farBelow : -1;
        for (let i = 0; i < this.#first; i++) {
          // A confidence bound is compared with the others of the batch, not with what is known.
          if ((k === 0 || this.#mode === 'explore') && i < measured) continue;
          const meets = this.#meets[i]![s]!;
          best = Math.max(best, k === 0 ? meets : meets > 0.5 ? this.#gains[0]![i]![s]! : -1);
        }
        this.#best[s] = best;
      } else {
        const points: Float64Array[] = [];
        for (let i = 0; i < this.#first; i++) if (this.#meets[i]![s]! > 0.5) points.push(this.#pointAt(s, i));
        this.#setFront(s, points);
      }
    }
  }

  #setFront(s: number, points: Float64Array[]): void {
    this.#fronts[s] = nondominated(points).sort((a, b) => a[0]! - b[0]!);
  }

  #pointAt(s: number, row: number): Float64Array {
    return Float64Array.from(this.#gains, (gain) => gain[row]![s]!);
  }

  /** Values and means are to be those of the next of the batch. */
  renew(): void {
    const before = this.#temperature;
    if (this.#gains.length === 1) this.#temperature = temperatureOf(this.#best);
    if (this.#mode === 'thompson') this.#only = this.#generator.integer(this.#drawCount);
    // The slope of a soft improvement by its temperature is an entropy.
    this.values.expire(this.#only === null ? Math.LN2 * Math.max(0, this.#temperature - before) : Infinity);
  }

  /** No value is larger; ten times as fast for one objective. */
  #boundOf(row: number): number {
    if (this.#gains.length !== 1) return Infinity;
    const meets = this.#meets[row]!;
    const gains = this.#gains[0]![row]!;
    let total = 0;
    for (let s = 0; s < gains.length; s++)
      total += meets[s]! * improvementBound(gains[s]! - this.#best[s]!, this.#temperature);
    return total / this.#drawCount;
  }

  #valueOf(row: number): number {
    const k = this.#gains.length;
    const meets = this.#meets[row]!;
    if (this.#only !== null)
      return meets[this.#only]! * (k === 0 ? 1 : Math.exp(this.#gains[0]![row]![this.#only]!));
    let total = 0;
    for (let s = 0; s < this.#drawCount; s++) {
      if (k === 0) total += improvement(meets[s]! - this.#best[s]!, this.#temperature);
      else if (k === 1)
        total += meets[s]! * improvement(this.#gains[0]![row]![s]! - this.#best[s]!, this.#temperature);
      else {
        // A trace of the sum orders candidates that no draw has beyond the front.
        let sum = 0;
        for (const gain of this.#gains) sum += gain[row]![s]!;
        total += meets[s]! * (this.#volumeGain(s, row) + 1e-6 * Math.exp(sum));
      }
    }
    return total / this.#drawCount;
  }

  /**
   * Mean gain of each candidate, by the chance that it meets the criteria; -Infinity for those that a measurement could
   * hardly tell from a row that is measured, pending or taken. Null unless one objective is optimised.
   */
  means(): FallingOrder | null {
    if (this.#single === null) return null;
    const { values, noiseSd } = this.#single;
    const means = new Float64Array(this.candidateCount);
    means.forEach((_, i) => {
      const meets = this.#meets[this.#first + i]!;
      this.#gains[0]![this.#first + i]!.forEach((gain, s) => {
        // Counted from below the middle of the data, where gains begin that matter while no row meets the criteria.
        means[i]! += (meets[s]! * (1 + gain)) / this.#drawCount;
      });
    });
    return new FallingOrder(means.slice(), (i) => {
      const row = this.#first + i;
      const isLike = (other: number): boolean => spreadBetween(values[row]!, values[other]!) < noiseSd[row]!;
      return this.#known.some(isLike) ? -Infinity : means[i]!;
    });
  }

  #volumeGain(s: number, row: number): number {
    const front = this.#fronts[s]!;
    if (this.#gains.length > 2) return hypervolumeGain(front, this.#pointAt(s, row), this.#reference);
    return areaGain(front, this.#gains[0]![row]![s]!, this.#gains[1]![row]![s]!, this.#reference);
  }

  take(candidate: number): void {
    const row = this.#first + candidate;
    this.#known.push(row);
    for (let s = 0; s < this.#drawCount; s++) {
      const meets = this.#meets[row]![s]!;
      if (this.#gains.length === 0) this.#best[s] = Math.max(this.#best[s]!, meets);
      else if (this.#gains.length === 1) {
        if (meets > 0.5) this.#best[s] = Math.max(this.#best[s]!, this.#gains[0]![row]![s]!);
      } else if (meets > 0.5) {
        this.#setFront(s, [...this.#fronts[s]!, this.#pointAt(s, row)]);
      }
    }
  }
}

/** Where the volume of one objective begins: below the worst of the measured rows, at -0.1 without any. */
function referenceOf(measured: readonly Float64Array[]): number {
  const worst = measured.reduce((least, row) => Math.min(least, meanOf(row)), 0);
  return worst - referenceMargin * (1 - worst);
}

/** Standard deviation over draws of the difference of two rows. */
function spreadBetween(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (let s = 0; s < a.length; s++) {
    const difference = a[s]! - b[s]!;
    sum += difference;
    squares += difference * difference;
  }
  return Math.sqrt(Math.max(0, squares / a.length - (sum / a.length) ** 2));
}

/** @param best gain of the best so far, one a draw */
function temperatureOf(best: Float64Array): number {
  const mean = best.reduce((sum, value) => sum + value, 0) / best.length;
  const sd = Math.sqrt(best.reduce((sum, value) => sum + (value - mean) ** 2, 0) / best.length);
  return Math.min(widestTemperature, Math.max(leastTemperature, temperatureShare * sd));
}

/** A trace of the widest smoothing orders what no draw has beyond the best. */
function improvement(x: number, temperature: number): number {
  return softPlus(x, temperature) + 1e-6 * softPlus(x, widestTemperature);
}

/** At least `improvement`: exp(t) >= 1 + t + t^2/2 + t^3/6 + t^4/24 for t >= 0. */
function improvementBound(x: number, temperature: number): number {
  const t = Math.abs(x) / temperature;
  const tail = temperature / (1 + t * (1 + (t / 2) * (1 + (t / 3) * (1 + t / 4))));
  return (1 + 1e-6) * Math.max(x, 0) + tail + 1e-6 * widestTemperature;
}

function softPlus(x: number, temperature: number): number {
  const u = x / temperature;
  return u > 30 ? x : temperature * Math.log1p(Math.exp(u));
}

/** Probability of all criteria given the draws: what is not known is the noise of the measurement alone [row][draw]. */
function meeting(
  objectives: readonly ResolvedObjective[],
  values: readonly (readonly Float64Array[])[],
  noiseSd: readonly Float64Array[],
): Float64Array[] {
  const meets = roomFor(values[0]!.length, values[0]![0]!.length);
  for (const row of meets) row.fill(1);
  objectives.forEach((objective, t) => {
    const { intervals } = objective;
    if (intervals === null) return;
    const exponent = exponentOf(objective);
    meets.forEach((row, i) => {
      const sd = Math.max(noiseSd[t]![i]!, Number.MIN_VALUE);
      values[t]![i]!.forEach((value, s) => {
        let probability = 0;
        for (const [low, high] of intervals)
          probability += normalCdf((high - value) / sd) - normalCdf((low - value) / sd);
        row[s]! *= exponent === 1 ? probability : Math.max(probability, 0) ** exponent;
      });
    });
  });
  return meets;
}

/** Mean plus sqrt(beta pi / 2) |deviation| of every draw, beta = 4: its mean over draws is the upper confidence bound. */
function exaggerate(rows: readonly Float64Array[]): Float64Array[] {
  const factor = 2 * Math.sqrt(Math.PI / 2);
  return rows.map((row) => {
    const mean = meanOf(row);
    return row.map((value) => mean + factor * Math.abs(value - mean));
  });
}

/** Every draw as the mean less a quarter of a standard deviation: what is surely good. */
function flatten(rows: readonly Float64Array[]): Float64Array[] {
  return rows.map((row) => {
    const mean = meanOf(row);
    let square = 0;
    for (const value of row) square += (value - mean) ** 2 / row.length;
    return row.map(() => mean - 0.25 * Math.sqrt(square));
  });
}

function meanOf(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  return mean;
}

/** One objective out of many, with other random weights in each draw (Knowles 2006). */
function scalarize(
  gains: readonly (readonly Float64Array[])[],
  importance: readonly number[],
  generator: Generator,
): Float64Array[] {
  const weights = Array.from(gains[0]![0]!, () => {
    const parts = importance.map((weight) => -weight * Math.log(1 - generator.uniform()));
    const total = parts.reduce((sum, part) => sum + part, 0);
    return parts.map((part) => part / total);
  });
  return gains[0]!.map((row, i) =>
    row.map((_, s) => {
      let least = Infinity;
      let sum = 0;
      gains.forEach((gain, k) => {
        const weighted = weights[s]![k]! * gain[i]![s]!;
        least = Math.min(least, weighted);
        sum += weighted;
      });
      return least + 0.05 * sum;
    }),
  );
}

/** Draws [draw][row] as rows [row][draw], which lie together where one row is asked about all draws. */
function transpose(draws: readonly Float64Array[]): Float64Array[] {
  const rows = roomFor(draws[0]!.length, draws.length);
  draws.forEach((draw, s) => {
    for (let i = 0; i < draw.length; i++) rows[i]![s] = draw[i]!;
  });
  return rows;
}

/** Rows in one block of memory: thousands of small ones are a burden. */
function roomFor(rowCount: number, drawCount: number): Float64Array[] {
  const all = new Float64Array(rowCount * drawCount);
  return Array.from({ length: rowCount }, (_, i) => all.subarray(i * drawCount, (i + 1) * drawCount));
}
