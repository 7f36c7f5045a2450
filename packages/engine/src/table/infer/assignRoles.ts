import type { VariableRole, VariableType, Warning } from '@athanor/schema';
import { listNames } from '../../listNames.ts';
import type { ColumnFacts } from './columnFacts.ts';
import { findAmounts } from './findAmounts.ts';
import type { Composition } from './findCompositions.ts';
import { findSpecialColumn, findSpreadColumn, type SpecialColumn } from './specialColumns.ts';
import type { Meaning } from './lookUpMeaning.ts';

/** What a column was taken for. */
export interface Assignment {
  readonly type: VariableType;
  readonly role: VariableRole;
  readonly warnings: readonly Warning[];
}

export interface Assignments {
  /** One per column. */
  readonly columns: readonly Assignment[];
  /** Warnings about the table as a whole. */
  readonly warnings: readonly Warning[];
}

/** How sure a column looks like a result: negative for inputs. Beyond these it is decided without its neighbours. */
const sureProperty = 2;
const sureInput = -1.5;
/** Left of all sure results, a column needs this much to be one itself. */
const likelyProperty = 1;

const meaningScores: Readonly<Record<Meaning, number>> = {
  property: 3,
  perhapsProperty: 1.2,
  setting: -3,
  perhapsSetting: -1.2,
  ingredient: -2.5,
  perhapsIngredient: -0.5,
  quantity: -1.5,
};

/**
 * Decides which columns are inputs and which are results. Tables of experiments put what was done first and what came out last,
 * so neighbours speak where names and units do not. Where nothing speaks, the last column of numbers is taken as the
 * target, and the user is told so.
 *
 * @param named Role that the user gave each column, null for none. It does not change what the others are taken for, with two
 *   exceptions: no target is guessed beside a named one, nor among columns the user has spoken of; and where a named
 *   target was not taken for one, the order and scatter of columns have misled, and results found by them alone are inputs.
 */
export function assignRoles(
  all: readonly ColumnFacts[],
  named: readonly (VariableRole | null)[],
): Assignments {
  const special: (SpecialColumn | null)[] = all.map(findSpecialColumn);
  const { isAmount, compositions } = findAmounts(all, special);
  const isDesigned = isDesignedTable(all, isAmount);
  const scores = all.map((facts, i) =>
    special[i] === null ? scoreOf(facts, isAmount[i]!, i === all.length - 1, isDesigned) : null,
  );
  for (let i = 0; i < all.length; i++) {
    if (special[i] !== null || isAmount[i]) continue;
    special[i] = findSpreadColumn(
      all,
      i,
      (other) =>
        (scores[other] ?? 0) >= likelyProperty ||
        (scores[other] !== null && other === i - 1 && !isAmount[other] && scores[other]! > sureInput),
    );
    if (special[i] !== null) scores[i] = null;
  }
  const isTarget = decideByNeighbours(all, scores, isAmount);
  const warnings: Warning[] = compositions.map((composition) => describeComposition(composition, all));
  if (!isTarget.includes(true) && !named.includes('target')) {
    const guess = guessTarget(
      scores.map((score, i) => (named[i] === null ? score : null)),
      isAmount,
    );
    if (guess >= 0) {
      isTarget[guess] = true;
      warnings.push({
        code: 'target_guessed',
        message: `No name or unit says which column is the result; "${all[guess]!.key}", the last column of numbers, is taken as the target.`,
        column: all[guess]!.key,
      });
    }
  }
  const isWithdrawn = withdrawUnsure(isTarget, scores, named);
  const columns = all.map((facts, i): Assignment => {
    const found = special[i]!;
    if (found !== null) {
      const isResult = found.isOfResults || (facts.meaning === 'property' && facts.values !== null);
      const type = isAmount[i]! ? 'material_amount' : isResult ? 'property' : 'parameter';
      return { type, role: found.role, warnings: [found.warning] };
    }
    if (isTarget[i]!) return { type: 'property', role: 'target', warnings: [] };
    if (facts.values === null) return assignText(facts, i, isTarget, scores);
    const type = isAmount[i]! ? 'material_amount' : 'parameter';
    return { type, role: 'input', warnings: isWithdrawn[i]! ? [tellWithdrawn(facts, all, named)] : [] };
  });
  return { columns: keepOneGroup(columns, all), warnings };
}

/** How much a column looks like a result; text has no score. */
function scoreOf(facts: ColumnFacts, isAmount: boolean, isLast: boolean, isDesigned: boolean): number | null {
  if (facts.values === null) return null;
  if (isAmount) return -10;
  const meant = facts.meaning === null ? 0 : meaningScores[facts.meaning];
  // An instrument found it, though it may bear the name of an ingredient.
  let score = facts.hasBounds ? Math.max(meant, 0) + 2 : meant;
  const { unit } = facts;
  if (unit?.kind === 'property') score += 1.5;
  else if (unit?.kind === 'process' || unit?.kind === 'amount') score -= 1;
  else if (unit?.symbol === 'nm') score += 1;
  const rowCount = facts.presentCount + facts.missingCount;
  // Inputs are known for every experiment; results often are not.
  if (facts.missingCount > 0.15 * rowCount) score += 1;
  // Inputs are set to a few levels; results scatter.
  if (rowCount >= 20) {
    if (hasFewLevels(facts)) score -= 0.7;
    else if (facts.distinctCount > 0.5 * facts.presentCount) score += isDesigned ? 1.2 : 0.4;
  }
  if (isLast) score += 0.5;
  return score;
}

function hasFewLevels(facts: ColumnFacts): boolean {
  return facts.distinctCount <= 12;
}

/**
 * Whether the known settings and amounts of a table were set to few levels, as in a design of experiments; what scatters
 * beside them was rather measured.
 */
function isDesignedTable(all: readonly ColumnFacts[], isAmount: readonly boolean[]): boolean {
  const inputs = all.filter(
    (facts, i) =>
      facts.values !== null && facts.distinctCount > 1 && (isAmount[i] || facts.meaning === 'setting'),
  );
  return inputs.length >= 2 && inputs.filter(hasFewLevels).length >= 0.75 * inputs.length;
}

function decideByNeighbours(
  all: readonly ColumnFacts[],
  scores: readonly (number | null)[],
  isAmount: readonly boolean[],
): boolean[] {
  const isSureTarget = scores.map((score) => score !== null && score >= sureProperty);
  const isSureInput = all.map(
    (facts, i) => isAmount[i]! || facts.values === null || (scores[i] !== null && scores[i]! <= sureInput),
  );
  const isTarget = [...isSureTarget];
  const firstTarget = isSureTarget.indexOf(true);
  if (firstTarget < 0) {
    // Nothing is sure; what is likely counts if there is something to learn it from.
    const likely = scores.map((score) => score !== null && score >= likelyProperty);
    const hasInputs = scores.some((score, i) => isInputWithout(likely, i, score, all));
    return hasInputs ? likely : isTarget;
  }
  for (const [i, score] of scores.entries()) {
    if (score === null || isSureTarget[i] || isSureInput[i]) continue;
    if (i < firstTarget) {
      isTarget[i] = score >= likelyProperty;
      continue;
    }
    const left = nearest(i, -1, isSureTarget, isSureInput, scores);
    const right = nearest(i, 1, isSureTarget, isSureInput, scores);
    if (left === 'target' && right !== 'input') isTarget[i] = true;
    else isTarget[i] = score >= likelyProperty;
  }
  if (scores.some((score, i) => isInputWithout(isTarget, i, score, all))) return isTarget;
  // Everything became a target: the results come first in this table, or the open columns are inputs.
  return isSureTarget;
}

/**
 * Where the user names a target that was not taken for one, its place is in `isTarget` from now on, and those that no name
 * or unit speaks for lose theirs. @returns which did
 */
function withdrawUnsure(
  isTarget: boolean[],
  scores: readonly (number | null)[],
  named: readonly (VariableRole | null)[],
): boolean[] {
  const isMisled = named.some((role, i) => role === 'target' && !isTarget[i]!);
  return isTarget.map((wasTarget, i) => {
    if (!isMisled) return false;
    if (named[i] === 'target') isTarget[i] = true;
    if (named[i] !== null || !wasTarget || scores[i]! >= sureProperty) return false;
    isTarget[i] = false;
    return true;
  });
}

function tellWithdrawn(
  { key }: ColumnFacts,
  all: readonly ColumnFacts[],
  named: readonly (VariableRole | null)[],
): Warning {
  const targets = listNames(all.flatMap((facts, i) => (named[i] === 'target' ? [facts.key] : [])));
  return {
    code: 'result_withdrawn',
    message: `"${key}" would be taken for a result by its place and values, but you named ${targets} as the target, so it is an input; set its role to ignored if it is not known before the experiment.`,
    column: key,
  };
}

function isInputWithout(
  isTarget: readonly boolean[],
  i: number,
  score: number | null,
  all: readonly ColumnFacts[],
): boolean {
  return !isTarget[i]! && (score !== null || (all[i]!.values === null && all[i]!.distinctCount > 1));
}

/** The nearest column on one side whose role is certain. */
function nearest(
  from: number,
  step: -1 | 1,
  isSureTarget: readonly boolean[],
  isSureInput: readonly boolean[],
  scores: readonly (number | null)[],
): 'target' | 'input' | null {
  for (let i = from + step; i >= 0 && i < scores.length; i += step) {
    if (isSureTarget[i]) return 'target';
    // Text among results is mostly a remark on them.
    if (isSureInput[i] && scores[i] !== null) return 'input';
  }
  return null;
}

function guessTarget(scores: readonly (number | null)[], isAmount: readonly boolean[]): number {
  const open = scores.findLastIndex((score, i) => score !== null && score > sureInput && !isAmount[i]!);
  if (open >= 0) return open;
  const any = scores.findLastIndex((score, i) => score !== null && !isAmount[i]!);
  // Even a setting may be what a table is about, if something else can explain it.
  return any >= 0 && scores.filter((score) => score !== null).length > 1 ? any : -1;
}

const labels = new Set([
  'phase',
  'phases',
  'label',
  'outcome',
  'result',
  'results',
  'failure mode',
  'appearance',
  'morphology',
  'microstructure',
  'crystal structure',
  'space group',
  'verdict',
  'befund',
  'phasen',
  'gefuege',
]);

function assignText(
  facts: ColumnFacts,
  index: number,
  isTarget: readonly boolean[],
  scores: readonly (number | null)[],
): Assignment {
  const isMolecule = facts.typed.dataType === 'molecular';
  const firstTarget = isTarget.indexOf(true);
  const lastInput = scores.findLastIndex((score, i) => score !== null && !isTarget[i]!);
  const hasTargets = firstTarget >= 0;
  const isLabel = labels.has(facts.words.join(' '));
  const isAfter = hasTargets && index > firstTarget && lastInput >= 0 && lastInput < firstTarget;
  if (!isMolecule && hasTargets && (isLabel || isAfter)) {
    return {
      type: 'property',
      role: 'ignored',
      warnings: [
        {
          code: 'measured_label',
          message: `"${facts.key}" looks like an outcome in words and is left out; set its role to input if it was chosen beforehand.`,
          column: facts.key,
        },
      ],
    };
  }
  return { type: isMolecule ? 'molecule' : 'parameter', role: 'input', warnings: [] };
}

/** Cross-validation keeps the groups of one column together; the first one is it, further ones stay out. */
function keepOneGroup(columns: readonly Assignment[], all: readonly ColumnFacts[]): Assignment[] {
  const groups = columns.flatMap((column, i) => (column.role === 'group' ? [i] : []));
  const best = groups.reduce(
    (best, i) => (best < 0 || all[i]!.distinctCount > all[best]!.distinctCount ? i : best),
    -1,
  );
  return columns.map((column, i) => {
    if (column.role !== 'group' || i === best) return column;
    return {
      ...column,
      role: 'identifier',
      warnings: [
        {
          code: 'id_like',
          message: `"${all[i]!.key}" names groups of rows like "${all[best]!.key}" and is left out.`,
          column: all[i]!.key,
        },
      ],
    };
  });
}

function describeComposition(
  { members, whole, openRows, blankRows }: Composition,
  all: readonly ColumnFacts[],
): Warning {
  const [first, last] = [all[members[0]!]!.key, all[members.at(-1)!]!.key];
  const open =
    openRows.length === 0
      ? ''
      : ` Rows ${openRows
          .slice(0, 5)
          .map((row) => row + 1)
          .join(', ')} do not (${openRows.length} in all).`;
  const blank =
    blankRows.length === 0
      ? ''
      : ` ${blankRows.length} rows do so only if empty cells are zero; write 0 where a component was not used.`;
  return {
    code: openRows.length > 0 || blankRows.length > 0 ? 'composition_open' : 'composition_found',
    message: `${members.length} columns, "${first}" to "${last}", are parts of one composition: they add up to ${whole}.${open}${blank}`,
    ...(openRows.length + blankRows.length > 0 && {
      rows: [...openRows, ...blankRows].slice(0, 5).map((row) => row + 1),
      count: openRows.length + blankRows.length,
    }),
  };
}
