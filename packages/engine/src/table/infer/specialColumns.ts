import type { VariableRole, Warning } from '@athanor/schema';
import type { ColumnFacts } from './columnFacts.ts';

/** A column that is no plain input or result, what is done with it, and why. */
export interface SpecialColumn {
  readonly role: Exclude<VariableRole, 'input' | 'target'>;
  readonly warning: Warning;
  /** It describes results (their spread, their number), so it is a property itself. */
  readonly isOfResults: boolean;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** A header made of these words alone names rows. */
const identifierWords = words(
  'id ids uid uuid guid index idx no nr number num row rows record entry sample samples specimen run runs exp expt experiment experiments trial trials test tests ' +
    'barcode sku cas label code name names order std standard batch lot plate well coupon wafer sl s serial key ref formulation recipe mix mixture alloy compound ' +
    'probe proben versuch versuche lfd lauf nummer rezeptur charge bezeichnung kennung of the',
);
/** Of the words above, those that alone do not make a number an identifier: a recipe may be a setting. */
const weakWords = words(
  'of the order std standard test tests number num no nr s name code label charge key row',
);
/** A text of many values with one of these words says which rows belong together. */
const groupWords = words(
  'formula alloy alloys composition mix mixture mixtures formulation recipe batch lot sample specimen material blend polymer compound catalyst plate wafer ' +
    'system series source reference ref doi paper study rezeptur charge probe mischung legierung werkstoff versuch name id code experiment run molecule product',
);
const noteWords = words(
  'comment comments note notes remark remarks observation observations bemerkung bemerkungen anmerkung kommentar notiz doi url link citation author authors operator file filename',
);
const spreadWords = words(
  'std sd stdev stddev stderr sem se rsd cv variance var err uncertainty sigma ci stabw standardabweichung unsicherheit streuung',
);
const spreadPhrases = [
  'standard deviation',
  'standard error',
  'std dev',
  'st dev',
  'std err',
  'confidence interval',
];
const replicateWords = words(
  'replicate replicates rep reps repeat repeats repetition repetitions measurement measurements observations obs specimens parallel wiederholung wiederholungen messungen',
);
const countWords = words('n num number no count of the anzahl');
const dateWords = words('date datum day timestamp');

/** Text with no more repetitions per value than this is a name rather than a category. */
const fewRepeats = 6;
const manyLevels = 20;

/** Looks at one column on its own. Null when it can be an input or a result. */
export function findSpecialColumn(facts: ColumnFacts, position: number): SpecialColumn | null {
  const { key } = facts;
  if (facts.presentCount === 0)
    return special('ignored', 'all_missing', `"${key}" has no values and is left out.`, facts);
  if (facts.distinctCount === 1) {
    const value = facts.range === null ? levelsOf(facts)[0]! : String(facts.range.min);
    return special(
      'ignored',
      'constant',
      `"${key}" is ${JSON.stringify(value)} in every row and is left out.`,
      facts,
    );
  }
  if (facts.typed.isDate)
    return special(
      'identifier',
      'id_like',
      `"${key}" says when a row was made, and is left out; set its role to input to use it.`,
      facts,
    );
  return facts.values === null ? judgeText(facts) : judgeNumbers(facts, position);
}

function levelsOf(facts: ColumnFacts): readonly string[] {
  return facts.typed.column.kind === 'categorical' ? facts.typed.column.levels : [];
}

function special(
  role: SpecialColumn['role'],
  code: string,
  message: string,
  facts: ColumnFacts,
  isOfResults = false,
): SpecialColumn {
  return { role, warning: { code, message, column: facts.key }, isOfResults };
}

function judgeText(facts: ColumnFacts): SpecialColumn | null {
  const { key, words: header, distinctCount, presentCount, typed } = facts;
  if (typed.dataType !== 'categorical') return null;
  if (header.length > 0 && header.every((word) => noteWords.has(word)))
    return special('ignored', 'notes_ignored', `"${key}" holds notes and is left out.`, facts);
  if (presentCount >= 3 && distinctCount === presentCount)
    return special(
      'identifier',
      'id_like',
      `"${key}" is different in every row; it names the rows and is left out.`,
      facts,
    );
  if (distinctCount <= manyLevels || presentCount >= fewRepeats * distinctCount) return null;
  if (distinctCount > 0.95 * presentCount) {
    const message = `"${key}" is different in nearly every row (${distinctCount} values); it names the rows and is left out.`;
    return special('identifier', 'id_like', message, facts);
  }
  if (header.some((word) => groupWords.has(word))) {
    const message = `"${key}" names what a row is about (${distinctCount} values); rows that share it are kept together in cross-validation, and it is no input.`;
    return special('group', 'group_found', message, facts);
  }
  const message = `"${key}" has ${distinctCount} values, too many to learn from ${presentCount} rows; it is left out.`;
  return special('identifier', 'id_like', message, facts);
}

function judgeNumbers(facts: ColumnFacts, position: number): SpecialColumn | null {
  const { key, words: header, distinctCount, presentCount, missingCount, isInteger } = facts;
  if (facts.unit !== null || facts.isElement) return null;
  const isNamed =
    header.length > 0 &&
    header.every((word) => identifierWords.has(word)) &&
    !header.every((word) => weakWords.has(word));
  const isUnique = isInteger && distinctCount === presentCount && missingCount === 0;
  if (
    isUnique &&
    presentCount >= 3 &&
    (isNamed || (position === 0 && isCounting(facts.values!) && isUnnamed(facts)))
  ) {
    const what = isCounting(facts.values!) ? 'counts the rows' : 'is a different number in every row';
    return special('identifier', 'id_like', `"${key}" ${what}; it names them and is left out.`, facts);
  }
  if (
    isInteger &&
    header.length > 0 &&
    header.every((word) => replicateWords.has(word) || countWords.has(word)) &&
    header.some((word) => replicateWords.has(word))
  ) {
    return special(
      'ignored',
      'replicate_statistics',
      `"${key}" counts repeated measurements and is left out of the inputs.`,
      facts,
      true,
    );
  }
  if (
    isNamed &&
    isInteger &&
    distinctCount >= 3 &&
    distinctCount < presentCount &&
    presentCount > distinctCount
  ) {
    const message = `"${key}" numbers samples or batches (${distinctCount} values); rows that share it are kept together in cross-validation, and it is no input.`;
    return special('group', 'group_found', message, facts);
  }
  if (
    isInteger &&
    facts.range!.min > 20_000 &&
    facts.range!.max < 80_000 &&
    header.some((word) => dateWords.has(word))
  )
    return special(
      'identifier',
      'serial_dates',
      `"${key}" looks like the serial numbers a spreadsheet uses for dates; it is left out.`,
      facts,
    );
  return null;
}

/** 0, 1, 2 … or 1, 2, 3 …, upwards or downwards. */
function isCounting(values: Float64Array): boolean {
  const step = values[1]! - values[0]!;
  if (Math.abs(step) !== 1) return false;
  const lowest = step > 0 ? values[0]! : values.at(-1)!;
  if (lowest !== 0 && lowest !== 1) return false;
  return values.every((value, i) => value === values[0]! + step * i);
}

/** A first column that counts is an index if its name says so, or says nothing. */
function isUnnamed({ words: header, meaning }: ColumnFacts): boolean {
  if (header.some((word) => identifierWords.has(word) && !weakWords.has(word))) return true;
  return meaning === null && !/^[a-z] ?\d*$/.test(header.join(' '));
}

/**
 * Columns that give the spread of results: a standard deviation beside the column it belongs to, or one named after replicates.
 *
 * @param isProperty Whether a column is taken for a result, by index.
 */
export function findSpreadColumn(
  all: readonly ColumnFacts[],
  index: number,
  isProperty: (index: number) => boolean,
): SpecialColumn | null {
  const facts = all[index]!;
  if (facts.values === null || facts.range === null || facts.range.min < 0) return null;
  const header = facts.words;
  const joined = header.join(' ');
  const phrase = spreadPhrases.find((one) => joined.startsWith(one) || joined.endsWith(one));
  const spreadWord =
    [header[0], header.at(-1)].find((word) => word !== undefined && spreadWords.has(word)) ?? null;
  const isError = header.length > 1 && header.at(-1) === 'error';
  if (phrase === undefined && spreadWord === null && !isError) return null;
  const rest = header.filter(
    (word) => word !== spreadWord && !(phrase ?? '').split(' ').includes(word) && word !== 'error',
  );
  const isOfReplicates = rest.some((word) => replicateWords.has(word));
  const owner = all.findIndex(
    (other, i) =>
      i !== index &&
      isProperty(i) &&
      (rest.length === 0 ? i === index - 1 : rest.every((word) => other.words.includes(word))),
  );
  if (!isOfReplicates && owner < 0) return null;
  const of = owner < 0 ? 'repeated measurements' : `"${all[owner]!.key}"`;
  return special(
    'ignored',
    'replicate_statistics',
    `"${facts.key}" is the spread of ${of} and is left out of the inputs.`,
    facts,
    true,
  );
}
