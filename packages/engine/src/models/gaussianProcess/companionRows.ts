import { columnOf, takeMatrixRows, type Matrix } from '../../linalg/matrix.ts';
import type { RowSources } from '../../kernels/rowSources.ts';
import { spearman } from '../../scores/spearman.ts';
import { fitTargetWarp, warpTargets, type TargetWarp } from '../../transforms/targetWarp.ts';
import type { FitData } from '../model.ts';
import { groupReplicates } from './groupReplicates.ts';
import { hasLogSpan } from './chooseWarp.ts';
import type { LogNormalPrior } from './prior.ts';
import { pureErrorPrior } from './fitWarpedProcess.ts';
import {
  collapseReplicates,
  summarizeReplicates,
  type ReplicateSummary,
  type TrainingRows,
} from './trainingRows.ts';

/** The rows of a target and of companions, replicates collapsed, the target's first. */
export interface CompanionRows {
  /** Each source standardised on its own [m]. */
  readonly rows: TrainingRows;
  readonly sources: RowSources;
  /** Source of each row: 0 the target, from 1 on the companions [m]. */
  readonly sourceOf: Int32Array;
  /** 1 for the target [1 + companion count], 1 or -1 for a companion that rises or falls with it. */
  readonly signs: readonly number[];
  /** Of each source [1 + companion count]. */
  readonly replicates: readonly ReplicateSummary[];
  /** Prior of each source's noise from its replicates; null for the usual one. */
  readonly noisePriors: readonly (LogNormalPrior | null)[];
  /** Group of each row [m]. */
  readonly groups: Int32Array;
  /** Measurements of the target that went into each of its rows. */
  readonly members: readonly Int32Array[];
  /** Row of each measurement of the target [n]. */
  readonly rowOf: Int32Array;
}

/** Fewer rows than this with both say nothing about the direction in which they go together. */
const minCommonRows = 5;

/**
 * @param X encoded rows: those of the target, then those of each companion
 * @param warp of the target
 * @returns null when a companion has too few rows in common with the target
 */
export function companionRows(
  X: Matrix,
  { y, groups, companions }: Required<Pick<FitData, 'y' | 'groups' | 'companions'>>,
  warp: TargetWarp,
): CompanionRows | null {
  if (companions.targets.some((one) => one.y.length < minCommonRows)) return null;
  let start = 0;
  const measured = [
    { y, groups, warp },
    ...companions.targets.map((one) => ({ ...one, warp: companionWarp(one.y) })),
  ];
  const parts = measured.map((part) => {
    const first = start;
    start += part.y.length;
    const own = takeMatrixRows(
      X,
      Int32Array.from(part.y, (_, i) => first + i),
    );
    const replicates = groupReplicates(own, part.y);
    const rows = collapseReplicates(own, warpTargets(part.warp, part.y), replicates, null);
    const { representatives } = replicates;
    return {
      rows,
      replicates,
      groups: representatives.map((row) => part.groups[row]!),
      places: representatives.map((row) => first + row),
    };
  });
  const [target, ...others] = parts as [(typeof parts)[0], ...typeof parts];
  const signs = others.map(({ rows }) => directionOf(target.rows, rows));
  if (signs.includes(null)) return null;
  const join = (of: (part: (typeof parts)[0]) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...of(part)]));
  return {
    rows: {
      features: takeMatrixRows(X, Int32Array.from(parts.flatMap(({ places }) => [...places]))),
      z: join(({ rows }) => rows.z),
      counts: join(({ rows }) => rows.counts),
      scatter: join(({ rows }) => rows.scatter),
      knownNoise: null,
    },
    sources: {
      targetRows: target.rows.z.length,
      companionRows: Int32Array.from(others, ({ rows }) => rows.z.length),
    },
    sourceOf: Int32Array.from(parts.flatMap(({ rows }, t) => Array.from(rows.z, () => t))),
    signs: [1, ...(signs as number[])],
    replicates: parts.map(({ rows }) => summarizeReplicates(rows)),
    noisePriors: parts.map(({ rows }) => pureErrorPrior(rows)),
    groups: Int32Array.from(parts.flatMap((part) => [...part.groups])),
    members: target.replicates.members,
    rowOf: target.replicates.groupOf,
  };
}

function companionWarp(y: Float64Array): TargetWarp {
  return fitTargetWarp({ kind: hasLogSpan(y) ? 'log' : 'identity' }, y);
}

/** 1 or -1: whether two sources rise together at the rows they share; null where they share too few. */
function directionOf(target: TrainingRows, companion: TrainingRows): number | null {
  const textOf = ({ features }: TrainingRows, i: number): string =>
    Array.from({ length: features.columnCount }, (_, j) => columnOf(features, j)[i]!).join();
  const known = new Map(Array.from(target.z, (z, i) => [textOf(target, i), z]));
  const pairs = Array.from(companion.z, (z, i) => [known.get(textOf(companion, i)), z] as const).filter(
    ([z]) => z !== undefined,
  );
  if (pairs.length < minCommonRows) return null;
  const rank = spearman(
    Float64Array.from(pairs, ([z]) => z!),
    Float64Array.from(pairs, ([, z]) => z),
  );
  return rank === null || rank === 0 ? null : Math.sign(rank);
}
