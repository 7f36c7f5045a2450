import type { Applicability, DesignMode } from '@athanor/schema';
import type { Generator } from '../random/generator.ts';
import { normalCdf } from '../special/normalCdf.ts';
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

export interface BatchChoice {
  /** Place among the candidates, from 0. */
  readonly candidate: number;
  /** Expected gain of the batch by this one, in the unit of gain; comparable within a batch. */
  readonly value: number;
}

/** The part of a batch that rests on what is known. */
export interface KnownShare {
  /** Of a balanced batch, 0 to 1; all of `exploit`. */
  readonly exploitShare?: number;
  /** Whether that part of a balanced batch goes by means, or by what it adds like the rest. */
  readonly goesByMeans?: boolean;
  /** Whether the data support what is predicted of a candidate. */
  readonly support?: (candidate: number) => Applicability['class'];
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
/**
 * Share of a balanced batch that goes to the best means of one objective, among what the data support, before the rest
 * is chosen for what it adds to them. Improvement alone sends a batch apart, and models of few rows are not so good that
 * their means need no trial.
 */
const defaultExploitShare = 0.5;
/** How far below the worst measured value a volume begins, as a share of the way from there to the best. */
const referenceMargin = 0.1;

/**
 * Chooses candidates one after the other, each for what it adds to those before it, to pending experiments and to what
 * was measured, over joint draws of the noise-free targets: noisy expected improvement (Letham et al. 2019) for one
 * objective, hypervolume improvement (Daulton et al. 2021) for two to four, the chance that one of the batch meets all
 * criteria for none. `balanced` takes the first half of a batch, rounded down, among what the data support, by means when
 * there is one objective and nothing else is asked for (a portfolio of acquisitions, after Hoffman, Brochu & de Freitas
 * 2011). `exploit` goes by means alone, among what the data support as long as there is some, `explore` by upper
 * confidence bounds over the same draws (Wilson et al. 2017, eq. 10), `thompson` takes the best of one draw each.
 *
 * @param isAllowed whether a candidate may join those chosen, e.g. by distance
 * @returns fewer than `count` when no more are allowed
 */
export function chooseBatch(
  objectives: readonly ResolvedObjective[],
  draws: JointDraws,
  count: number,
  mode: DesignMode,
  generator: Generator,
  isAllowed: (candidate: number, chosen: readonly number[]) => boolean,
  { exploitShare = defaultExploitShare, goesByMeans = true, support = () => 'inside' }: KnownShare = {},
): BatchChoice[] {
  const race = new Race(objectives, draws, mode, generator);
  const chosen: BatchChoice[] = [];
  const places: number[] = [];
  const isOut = new Uint8Array(race.candidateCount);
  const share = mode === 'exploit' ? 1 : mode === 'balanced' ? exploitShare : 0;
  const supportedCount = Math.floor(share * count);
  /** The best that is allowed by some order; -1 for none. */
  const pick = (order: Float64Array): number => {
    for (;;) {
      let best = -1;
      for (let i = 0; i < order.length; i++)
        if (isOut[i] === 0 && order[i]! > (best < 0 ? -Infinity : order[best]!)) best = i;
      if (best < 0 || isAllowed(best, places)) return best;
      isOut[best] = 1;
    }
  };
  while (chosen.length < count) {
    const values = race.values();
    let best = -1;
    if (chosen.length < supportedCount)
      for (const order of mode === 'balanced' && goesByMeans ? [race.means(), values] : [values])
        for (const wanted of ['inside', 'edge'])
          if (best < 0 && order !== null)
            best = pick(order.map((value, i) => (support(i) === wanted ? value : -Infinity)));
    if (best < 0) best = pick(values);
    if (best < 0) break;
    isOut[best] = 1;
    places.push(best);
    chosen.push({ candidate: best, value: values[best]! });
    race.take(best);
  }
  return chosen;
}

/** A gain that anything beats. */
const farBelow = 1e3;

/** What the batch has so far, draw by draw. */
class Race {
  readonly candidateCount: number;
  readonly #first: number;
  readonly #drawCount: number;
  readonly #mode: DesignMode;
  readonly #generator: Generator;
  /** Gains of the optimised objectives [k][draw][row]. */
  readonly #gains: readonly (readonly Float64Array[])[];
  /** Probability of the criteria given the noise-free values [draw][row]. */
  readonly #meets: readonly Float64Array[];
  /** Best gain so far of each draw, for one objective or none. */
  readonly #best: Float64Array;
  /** Front so far of each draw, for several. */
  readonly #fronts: Float64Array[][];
  readonly #reference: Float64Array;
  /** Values [draw][row] and noise [row] of the only objective that is optimised; null for none or several. */
  readonly #single: { readonly values: readonly Float64Array[]; readonly noiseSd: Float64Array } | null;
  /** Rows measured, pending and taken. */
  readonly #known: number[];

  constructor(
    objectives: readonly ResolvedObjective[],
    { values, noiseSd, measured, pending }: JointDraws,
    mode: DesignMode,
    generator: Generator,
  ) {
    const draws = values[0]!;
    this.#drawCount = draws.length;
    this.#first = measured + pending;
    this.candidateCount = draws[0]!.length - this.#first;
    this.#mode = mode;
    this.#generator = generator;
    const optimized = objectives.flatMap((objective, t) =>
      objective.goal === 'meet' ? [] : [{ objective, t }],
    );
    this.#meets = draws.map((_, s) => meeting(objectives, values, noiseSd, s));
    let gains: readonly (readonly Float64Array[])[] = optimized.map(({ objective, t }) =>
      values[t]!.map((row) => row.map((value) => gainOf(objective, value))),
    );
    if (mode === 'explore') gains = gains.map(exaggerate);
    if (mode === 'exploit') gains = gains.map(flatten);
    const weights = optimized.map(({ objective }) => objective.weight);
    if (gains.length > maxVolumeObjectives || (gains.length > 1 && mode === 'thompson'))
      gains = [scalarize(gains, weights, generator)];
    this.#gains = gains;
    this.#best = new Float64Array(this.#drawCount);
    this.#fronts = Array.from({ length: this.#drawCount }, () => []);
    this.#reference = Float64Array.from(gains, (draws) => referenceOf(draws, measured));
    const [only] = optimized;
    this.#single = optimized.length === 1 ? { values: values[only!.t]!, noiseSd: noiseSd[only!.t]! } : null;
    this.#known = Array.from({ length: this.#first }, (_, row) => row);
    this.#start(measured);
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
          const meets = this.#meets[s]![i]!;
          best = Math.max(best, k === 0 ? meets : meets > 0.5 ? this.#gains[0]![s]![i]! : -1);
        }
        this.#best[s] = best;
      } else {
        const points: Float64Array[] = [];
        for (let i = 0; i < this.#first; i++) if (this.#meets[s]![i]! > 0.5) points.push(this.#pointAt(s, i));
        this.#setFront(s, points);
      }
    }
  }

  #setFront(s: number, points: Float64Array[]): void {
    this.#fronts[s] = nondominated(points).sort((a, b) => a[0]! - b[0]!);
  }

  #pointAt(s: number, row: number): Float64Array {
    return Float64Array.from(this.#gains, (gain) => gain[s]![row]!);
  }

  /** Value of every candidate given what was taken [candidates]. */
  values(): Float64Array {
    const values = new Float64Array(this.candidateCount);
    const k = this.#gains.length;
    const temperature = k === 1 ? temperatureOf(this.#best) : widestTemperature;
    const only = this.#mode === 'thompson' ? this.#generator.integer(this.#drawCount) : null;
    for (let s = only ?? 0; s < (only === null ? this.#drawCount : only + 1); s++) {
      const meets = this.#meets[s]!;
      const best = this.#best[s]!;
      for (let i = 0; i < values.length; i++) {
        const row = this.#first + i;
        if (k === 0) values[i]! += only === null ? improvement(meets[row]! - best, temperature) : meets[row]!;
        else if (k === 1) {
          const gain = this.#gains[0]![s]![row]!;
          values[i]! +=
            meets[row]! * (only === null ? improvement(gain - best, temperature) : Math.exp(gain));
        } else {
          // A trace of the sum orders candidates that no draw has beyond the front.
          let sum = 0;
          for (const gain of this.#gains) sum += gain[s]![row]!;
          values[i]! += meets[row]! * (this.#volumeGain(s, row) + 1e-6 * Math.exp(sum));
        }
      }
    }
    const count = only === null ? this.#drawCount : 1;
    return values.map((value) => value / count);
  }

  /**
   * Mean gain of every candidate, by the chance that it meets the criteria; -Infinity for those that a measurement could
   * hardly tell from a row that is measured, pending or taken [candidates]. Null unless one objective is optimised.
   */
  means(): Float64Array | null {
    if (this.#single === null) return null;
    const { values, noiseSd } = this.#single;
    const means = new Float64Array(this.candidateCount);
    this.#gains[0]!.forEach((draw, s) => {
      const meets = this.#meets[s]!;
      for (let i = 0; i < means.length; i++) {
        const row = this.#first + i;
        // Counted from below the middle of the data, where gains begin that matter while no row meets the criteria.
        means[i]! += (meets[row]! * (1 + draw[row]!)) / this.#drawCount;
      }
    });
    return means.map((mean, i) => {
      const row = this.#first + i;
      const isLike = (other: number): boolean => spreadBetween(values, row, other) < noiseSd[row]!;
      return this.#known.some(isLike) ? -Infinity : mean;
    });
  }

  #volumeGain(s: number, row: number): number {
    const front = this.#fronts[s]!;
    if (this.#gains.length > 2) return hypervolumeGain(front, this.#pointAt(s, row), this.#reference);
    return areaGain(front, this.#gains[0]![s]![row]!, this.#gains[1]![s]![row]!, this.#reference);
  }

  take(candidate: number): void {
    const row = this.#first + candidate;
    this.#known.push(row);
    for (let s = 0; s < this.#drawCount; s++) {
      const meets = this.#meets[s]![row]!;
      if (this.#gains.length === 0) this.#best[s] = Math.max(this.#best[s]!, meets);
      else if (this.#gains.length === 1) {
        if (meets > 0.5) this.#best[s] = Math.max(this.#best[s]!, this.#gains[0]![s]![row]!);
      } else if (meets > 0.5) {
        this.#setFront(s, [...this.#fronts[s]!, this.#pointAt(s, row)]);
      }
    }
  }
}

/** Where the volume of one objective begins: below the worst of the measured rows, at -0.1 without any. */
function referenceOf(draws: readonly Float64Array[], measured: number): number {
  const worst = meanOf(draws)
    .subarray(0, measured)
    .reduce((a, b) => Math.min(a, b), 0);
  return worst - referenceMargin * (1 - worst);
}

/** Standard deviation over draws of the difference of two rows. */
function spreadBetween(draws: readonly Float64Array[], a: number, b: number): number {
  let sum = 0;
  let squares = 0;
  for (const draw of draws) {
    const difference = draw[a]! - draw[b]!;
    sum += difference;
    squares += difference * difference;
  }
  return Math.sqrt(Math.max(0, squares / draws.length - (sum / draws.length) ** 2));
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

function softPlus(x: number, temperature: number): number {
  const u = x / temperature;
  return u > 30 ? x : temperature * Math.log1p(Math.exp(u));
}

/** Probability of all criteria for one draw: what is not known is the noise of the measurement alone [rows]. */
function meeting(
  objectives: readonly ResolvedObjective[],
  values: readonly (readonly Float64Array[])[],
  noiseSd: readonly Float64Array[],
  s: number,
): Float64Array {
  const meets = new Float64Array(values[0]![s]!.length).fill(1);
  objectives.forEach((objective, t) => {
    const { intervals } = objective;
    if (intervals === null) return;
    const exponent = exponentOf(objective);
    for (let i = 0; i < meets.length; i++) {
      const value = values[t]![s]![i]!;
      const sd = Math.max(noiseSd[t]![i]!, Number.MIN_VALUE);
      let probability = 0;
      for (const [low, high] of intervals)
        probability += normalCdf((high - value) / sd) - normalCdf((low - value) / sd);
      meets[i]! *= exponent === 1 ? probability : Math.max(probability, 0) ** exponent;
    }
  });
  return meets;
}

/** Mean plus sqrt(beta pi / 2) |deviation| of every draw, beta = 4: its mean over draws is the upper confidence bound. */
function exaggerate(draws: readonly Float64Array[]): Float64Array[] {
  const mean = meanOf(draws);
  const factor = 2 * Math.sqrt(Math.PI / 2);
  return draws.map((draw) => draw.map((value, i) => mean[i]! + factor * Math.abs(value - mean[i]!)));
}

/** Every draw as the mean less a quarter of a standard deviation: what is surely good. */
function flatten(draws: readonly Float64Array[]): Float64Array[] {
  const mean = meanOf(draws);
  const safe = mean.map((centre, i) => {
    let square = 0;
    for (const draw of draws) square += (draw[i]! - centre) ** 2 / draws.length;
    return centre - 0.25 * Math.sqrt(square);
  });
  return draws.map(() => safe);
}

function meanOf(draws: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(draws[0]!.length);
  for (const draw of draws) for (let i = 0; i < mean.length; i++) mean[i]! += draw[i]! / draws.length;
  return mean;
}

/** One objective out of many, with other random weights in each draw (Knowles 2006). */
function scalarize(
  gains: readonly (readonly Float64Array[])[],
  importance: readonly number[],
  generator: Generator,
): Float64Array[] {
  return gains[0]!.map((_, s) => {
    const parts = importance.map((weight) => -weight * Math.log(1 - generator.uniform()));
    const total = parts.reduce((sum, part) => sum + part, 0);
    return gains[0]![s]!.map((_, i) => {
      let least = Infinity;
      let sum = 0;
      gains.forEach((gain, k) => {
        const weighted = (parts[k]! / total) * gain[s]![i]!;
        least = Math.min(least, weighted);
        sum += weighted;
      });
      return least + 0.05 * sum;
    });
  });
}
