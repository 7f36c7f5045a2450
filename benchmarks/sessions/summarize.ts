/** Means over cells, each with the number of cells it rests on. */
import type { Cell } from './cells.ts';
import type { PeerScores } from './peers.ts';
import type { TestScores } from './scoreModel.ts';

export interface CellResult {
  readonly cell: Cell;
  /** Rows to learn from. */
  readonly rows: number;
  readonly ours: TestScores;
  readonly seconds: number;
  readonly peers: Readonly<Record<string, PeerScores>>;
}

type Figures = Record<string, number | null | Record<string, number | null>>;

const best = 'autogluon-best';
/** Rows up to which a cell counts as small, and up to which the stricter bound on time holds. */
const smallRows = 120;
const quickRows = 200;

/** Prints means by size and program, and gives the figures. @param hasTimes whether times are all of this call */
export function summarize(results: readonly CellResult[], hasTimes: boolean): Figures {
  const names = [...new Set(results.flatMap(({ peers }) => Object.keys(peers)))];
  console.log('\nsize\tprogram\tcells\tRMSE of ours to it\tCRPS of ours to it\tmean seconds\tour seconds');
  for (const size of [...new Set(results.map(({ cell }) => String(cell.size))), 'all']) {
    for (const name of names) {
      const own = results.filter(
        ({ cell, peers }) => (size === 'all' || String(cell.size) === size) && name in peers,
      );
      if (own.length === 0) continue;
      const ratios = [
        geometricMean(own.map(({ ours, peers }) => ours.rmse / peers[name]!.rmse)),
        geometricMean(own.map(({ ours, peers }) => ours.crps / peers[name]!.crps)),
      ];
      const seconds = [
        meanOf(own.map(({ peers }) => peers[name]!.seconds)),
        meanOf(own.map((one) => one.seconds)),
      ];
      const shown = [
        ...ratios.map((ratio) => ratio!.toFixed(3)),
        ...seconds.map((value) => value!.toFixed(1)),
      ];
      console.log([size, name, own.length, ...shown].join('\t'));
    }
  }
  const against = (name: string, isIn: (result: CellResult) => boolean = () => true): CellResult[] =>
    results.filter((result) => name in result.peers && isIn(result));
  const rmseRatio = (cells: readonly CellResult[], name: string): number | null =>
    geometricMean(cells.map(({ ours, peers }) => ours.rmse / peers[name]!.rmse));
  const timeRatio = (cells: readonly CellResult[], name: string): number | null =>
    hasTimes ? geometricMean(cells.map(({ seconds, peers }) => seconds / peers[name]!.seconds)) : null;
  const ranked = results.filter(({ peers }) => Object.keys(peers).length > 0);
  const coverages = results.map(({ ours }) => ours.coverage90);
  const isSmall = ({ rows }: CellResult): boolean => rows <= smallRows;
  const isQuick = ({ rows }: CellResult): boolean => rows <= quickRows;
  return {
    cells: results.length,
    cells_behind: {
      mean_rank: ranked.length,
      crps_best_share: ranked.length,
      rmse_ratio_autogluon_best: against(best).length,
      rmse_ratio_autogluon_best_small: against(best, isSmall).length,
      time_ratio_autogluon_best: hasTimes ? against(best).length : 0,
      time_ratio_autogluon_best_quick: hasTimes ? against(best, isQuick).length : 0,
      coverage90_pooled: results.length,
      miscalibration_area: results.length,
    },
    cells_by_peer: Object.fromEntries(names.map((name) => [name, against(name).length])),
    mean_rank: meanOf(
      ranked.map(({ ours, peers }) => 1 + Object.values(peers).filter(({ rmse }) => rmse < ours.rmse).length),
    ),
    rmse_ratio: Object.fromEntries(names.map((name) => [name, rmseRatio(against(name), name)])),
    rmse_ratio_autogluon_best: rmseRatio(against(best), best),
    rmse_ratio_autogluon_best_small: rmseRatio(against(best, isSmall), best),
    time_ratio_autogluon_best: timeRatio(against(best), best),
    time_ratio_autogluon_best_quick: timeRatio(against(best, isQuick), best),
    crps_best_share: meanOf(
      ranked.map(({ ours, peers }) => (Object.values(peers).every(({ crps }) => ours.crps < crps) ? 1 : 0)),
    ),
    coverage90_pooled: meanOf(coverages),
    coverage90_within: meanOf(coverages.map((share) => (share >= 0.83 && share <= 0.97 ? 1 : 0))),
    miscalibration_area: miscalibration(results),
  };
}

/** Over 100 levels, every cell counting alike. */
function miscalibration(results: readonly CellResult[]): number | null {
  if (results.length === 0) return null;
  let area = 0;
  for (let k = 0; k < 100; k++) {
    const level = (k + 0.5) / 100;
    const observed = meanOf(
      results.map(({ ours }) => {
        const { levels } = ours;
        return levels.filter((own) => own < level).length / levels.length;
      }),
    );
    area += Math.abs(observed! - level) / 100;
  }
  return area;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value / values.length, 0);
}

function geometricMean(values: readonly number[]): number | null {
  const mean = meanOf(values.map(Math.log));
  return mean === null ? null : Math.exp(mean);
}
