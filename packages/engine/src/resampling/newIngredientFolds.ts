import type { Inputs } from '../models/inputs.ts';
import type { Folds } from './folds.ts';

/** A share of the groups that must be left to learn from when an ingredient is held out. */
const minTrainingShare = 0.2;
const minTrainingGroups = 5;
/** More ingredients than this are judged by the ones that are used most. */
const maxIngredients = 25;

/**
 * Folds for the question "how good for an ingredient that was never used?": each amount in turn is held out with all
 * groups that contain it, one repeat an amount, and each level of each categorical input, one repeat a column. A row
 * may thus be held out in several repeats, once a repeat, and in some of them never (-1).
 *
 * Ingredients without enough groups on either side are passed over; with none left the list of repeats is empty.
 */
export function newIngredientFolds(inputs: Inputs, groups: Int32Array, groupCount: number): Folds {
  const minTraining = Math.max(minTrainingGroups, Math.ceil(minTrainingShare * groupCount));
  const amounts: { users: number; repeat: Int32Array }[] = [];
  const levels: Int32Array[] = [];
  for (const { column, isAmount } of inputs.columns) {
    if (column.kind === 'numeric') {
      if (!isAmount) continue;
      const uses = new Uint8Array(groupCount);
      for (let i = 0; i < inputs.rowCount; i++) if (column.values[i]! > 0) uses[groups[i]!] = 1;
      const users = uses.reduce((sum, used) => sum + used, 0);
      if (users >= 1 && groupCount - users >= minTraining)
        amounts.push({ users, repeat: groups.map((group) => uses[group]! - 1) });
    } else {
      const repeat = holdOutLevels(column.codes, column.levels, groups, groupCount, minTraining);
      if (repeat !== null) levels.push(repeat);
    }
  }
  const chosen = amounts.sort((a, b) => b.users - a.users).slice(0, maxIngredients);
  const repeats = [...chosen.map(({ repeat }) => repeat), ...levels];
  return {
    foldCount: repeats.reduce((most, repeat) => Math.max(most, 1 + Math.max(...repeat)), 0),
    repeats,
  };
}

/** One fold a level; a group with several levels goes with the first of them in the order of names. */
function holdOutLevels(
  codes: Int32Array,
  levels: readonly string[],
  groups: Int32Array,
  groupCount: number,
  minTraining: number,
): Int32Array | null {
  const order = levels.map((_, code) => code).sort((a, b) => (levels[a]! < levels[b]! ? -1 : 1));
  const rank = new Int32Array(levels.length);
  order.forEach((code, position) => (rank[code] = position));
  const rankOfGroup = new Int32Array(groupCount).fill(levels.length);
  for (let i = 0; i < codes.length; i++) {
    const group = groups[i]!;
    if (codes[i]! >= 0) rankOfGroup[group] = Math.min(rankOfGroup[group]!, rank[codes[i]!]!);
  }
  const sizes = new Int32Array(levels.length + 1);
  for (const level of rankOfGroup) sizes[level]!++;
  const foldOfRank = new Int32Array(levels.length + 1).fill(-1);
  let folds = 0;
  for (let level = 0; level < levels.length; level++)
    if (sizes[level]! > 0 && groupCount - sizes[level]! >= minTraining) foldOfRank[level] = folds++;
  if (folds < 2) return null;
  // Many levels are dealt in turn to as many folds as single ingredients would get.
  return groups.map((group) => {
    const fold = foldOfRank[rankOfGroup[group]!]!;
    return fold < 0 ? -1 : fold % maxIngredients;
  });
}
