import type { DesignMode } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { takeInputRows } from '../models/inputs.ts';
import { chooseInputs, requireColumn } from '../session/chooseInputs.ts';
import { sessionInputs } from '../session/sessionInputs.ts';
import type { Table } from '../table/table.ts';
import { campaignModel } from './campaignModel.ts';
import { runCampaign } from './runCampaign.ts';

/** A table to replay as campaigns. */
export interface BacktestRequest {
  readonly table: Table;
  readonly target: string;
  readonly goal: 'maximize' | 'minimize';
  readonly ignore: readonly string[];
  /** Rows tried first, at random. */
  readonly startCount: number;
  readonly batchSize: number;
  /** Rows tried in all; at most all of them. */
  readonly budget: number;
  /** Campaigns of each policy, from other starts; the same for all policies. */
  readonly campaigns: number;
  readonly policies: readonly DesignMode[];
  readonly seed: number;
}

/** How one policy did, means over its campaigns. */
export interface PolicyRecord {
  readonly policy: DesignMode | 'random';
  /** Best value after 1, 2 … experiments [budget]. */
  readonly best: readonly number[];
  /** What nine and one of ten campaigns have at least by then: lower and upper end of the middle 80 % [budget]. */
  readonly bestLower: readonly number[];
  readonly bestUpper: readonly number[];
  /** Share of the best twentieth of the table found after 1, 2 … experiments [budget]. */
  readonly topFound: readonly number[];
  /** Share found after 20 experiments (or all, if fewer) over that of chance. */
  readonly enhancement: number;
  /** Experiments by which chance finds half of the best twentieth over those of the policy; null when it never does. */
  readonly acceleration: number | null;
}

export interface BacktestReport {
  readonly rowCount: number;
  readonly budget: number;
  readonly policies: readonly PolicyRecord[];
  /** The policy that finds most of the best twentieth over the whole campaign. */
  readonly bestPolicy: DesignMode | 'random';
}

const topShare = 0.05;
const enhancementAt = 20;

/**
 * Replays a table as campaigns: what would each policy have tried, and how much sooner than chance would it have found
 * the best rows (Liang et al. 2021, npj Comput. Mater. 7, 188: enhancement and acceleration factors)?
 *
 * @param progress called with the share done; may throw to stop
 * @throws EngineError COLUMN_UNKNOWN, TARGET_NOT_NUMERIC, ROWS_TOO_FEW, OPTION_INVALID
 */
export function backtest(request: BacktestRequest, progress: (share: number) => void): BacktestReport {
  const { table, target, goal, startCount, batchSize, campaigns, policies } = request;
  const { column } = requireColumn(table, target, 'target');
  if (column.kind !== 'numeric')
    throw new EngineError('TARGET_NOT_NUMERIC', `${target} holds text; only numbers can be optimised`, {
      column: target,
    });
  const { keys } = chooseInputs({ table, targets: [target], ignore: request.ignore, group: null });
  const rows = Int32Array.from(column.values.keys()).filter((i) => !Number.isNaN(column.values[i]!));
  const N = rows.length;
  if (N < startCount + batchSize || N < 10)
    throw new EngineError(
      'ROWS_TOO_FEW',
      `${N} rows have a value of ${target}; a replay needs at least ${Math.max(10, startCount + batchSize)}`,
      {
        column: target,
      },
    );
  const pool = takeInputRows(sessionInputs(table, keys).inputs, rows);
  const y = Float64Array.from(rows, (row) => column.values[row]!);
  const sign = goal === 'maximize' ? 1 : -1;
  const quality = y.map((value) => sign * value);
  const sorted = quality.slice().sort();
  const budget = Math.min(request.budget, N);
  const topCount = Math.max(1, Math.ceil(topShare * N));
  const threshold = sorted[N - topCount]!;
  const isTop = quality.map((value) => (value >= threshold ? 1 : 0));
  const tops = isTop.reduce((sum, one) => sum + one, 0);

  let done = 0;
  const records = policies.map((policy): PolicyRecord => {
    const bests = Array.from({ length: budget }, () => new Float64Array(campaigns));
    const found = new Float64Array(budget);
    for (let c = 0; c < campaigns; c++) {
      const order = runCampaign({
        pool,
        targets: [y],
        objectives: [{ target, goal }],
        startCount,
        batchSize,
        budget,
        mode: policy,
        model: campaignModel,
        seed: `${request.seed}/${c}`,
      });
      let most = -Infinity;
      let hits = 0;
      order.forEach((row, i) => {
        most = Math.max(most, quality[row]!);
        hits += isTop[row]!;
        bests[i]![c] = sign * most;
        found[i]! += hits / tops / campaigns;
      });
      done++;
      progress(done / (campaigns * policies.length));
    }
    return judge(policy, bests.map(summarise), found, N);
  });
  const chance = judge(
    'random',
    chanceOfBest(sorted, budget).map(({ mean, lower, upper }) =>
      sign > 0 ? { mean, lower, upper } : { mean: -mean, lower: -upper, upper: -lower },
    ),
    Float64Array.from({ length: budget }, (_, i) => (i + 1) / N),
    N,
  );
  const all = [...records, chance];
  const area = ({ topFound }: PolicyRecord): number => topFound.reduce((sum, share) => sum + share, 0);
  const bestPolicy = all.reduce((a, b) => (area(b) > area(a) ? b : a)).policy;
  return { rowCount: N, budget, policies: all, bestPolicy };
}

function judge(
  policy: PolicyRecord['policy'],
  best: readonly Spread[],
  topFound: Float64Array,
  N: number,
): PolicyRecord {
  const at = Math.min(enhancementAt, topFound.length);
  const half = topFound.findIndex((share) => share >= 0.5);
  return {
    policy,
    best: best.map(({ mean }) => mean),
    bestLower: best.map(({ lower }) => lower),
    bestUpper: best.map(({ upper }) => upper),
    topFound: [...topFound],
    enhancement: topFound[at - 1]! / (at / N),
    acceleration: policy === 'random' ? 1 : half < 0 ? null : N / 2 / (half + 1),
  };
}

/** Mean of some values, and the ends of their middle 80 %. */
interface Spread {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

const tail = 0.1;

function summarise(values: Float64Array): Spread {
  const sorted = values.toSorted();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
    return sorted[below]! + (place - below) * (next - sorted[below]!);
  };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, lower: at(tail), upper: at(1 - tail) };
}

/**
 * The largest of i draws without replacement, i = 1 .. budget: value k (of N sorted ones, from 0) is the largest with
 * probability C(k, i - 1) / C(N, i).
 */
function chanceOfBest(sorted: Float64Array, budget: number): Spread[] {
  const N = sorted.length;
  return Array.from({ length: budget }, (_, j) => {
    const i = j + 1;
    let probability = i / N;
    // A hair, so that ten hundredths are a tenth.
    let above = 1e-12;
    const spread = { mean: 0, lower: sorted[i - 1]!, upper: sorted[N - 1]! };
    // From the largest down: P(k - 1) = P(k) (k - i + 1) / k.
    for (let k = N - 1; k >= i - 1; k--) {
      spread.mean += probability * sorted[k]!;
      if (above < tail) spread.upper = sorted[k]!;
      if (above < 1 - tail) spread.lower = sorted[k]!;
      above += probability;
      if (k > 0) probability *= (k - i + 1) / k;
    }
    return spread;
  });
}
