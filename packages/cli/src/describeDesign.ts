import type { Candidate, DesignPayload, Variable } from '@athanor/schema';
import { formatNumber } from './formatNumber.ts';
import { formatTable, textWidth } from './formatTable.ts';
import { wrapText } from './wrapText.ts';

const reasons: Record<Candidate['reason'], string> = {
  exploit: 'surely good',
  explore: 'may be good',
  spread: 'fills a gap',
};
const places = {
  inside: { short: 'amid', phrase: 'amid' },
  edge: { short: 'edge', phrase: 'at the edge of' },
  outside: { short: 'outside', phrase: 'outside' },
} as const;
const figureNames: Readonly<Record<string, string>> = {
  leastDistance: 'least distance between two of them, known ones included',
  dGain: 'information on the effects, times that of a design by chance',
  meanVariance: 'mean variance of a prediction, in variances of one measurement',
  largestInflation: 'largest variance inflation of an effect',
  terms: 'effects told apart',
};
/** A longer cell, such as a SMILES, is cut on a screen; files have all of it. */
const maxCell = 20;

/** One thing that is said of every candidate. */
interface Line {
  readonly title: string;
  readonly cells: readonly string[];
}

/**
 * Proposed experiments for a person to read: what to do, what to expect, and why. One row an experiment where that fits
 * the width, else as a formulation sheet: one column an experiment, as many beside each other as fit, and only what
 * one of them uses.
 *
 * @param variables of the table, for what was measured so far; empty without a table
 * @param width of a line in characters
 */
export function describeDesign(
  payload: DesignPayload,
  variables: readonly Variable[],
  width: number,
): string {
  const { candidates, objectives, space, generated, figures } = payload;
  if (candidates.length === 0) return 'No experiment obeys all that is asked and is not made yet.';
  const targets = [...new Set(objectives.map(({ target }) => target))];
  const amounts = new Set(space.variables.filter(({ kind }) => kind === 'amount').map(({ key }) => key));
  const used = space.variables
    .map(({ key }) => key)
    .filter((key) => candidates.some(({ inputs }) => inputs[key] !== 0));
  const settingsOf = (some: readonly Candidate[]): Line[] =>
    used
      .map((key) => ({
        title: key,
        cells: some.map(({ inputs }) =>
          amounts.has(key) && inputs[key] === 0 ? '–' : cellText(inputs[key]),
        ),
      }))
      .filter(({ cells }) => cells.some((cell) => cell !== '–'));
  const table = describeRows(candidates, [...settingsOf(candidates), ...outcomesOf(payload, candidates)]);
  const isNarrow = table.split('\n').some((line) => textWidth(line) > width);
  const merits = Object.entries(figures).map(
    ([name, value]) => `${figureNames[name] ?? name}: ${formatNumber(value, 3)}`,
  );
  const notes = [
    ...(used.length < space.variables.length ? ['What is not listed is not used.'] : []),
    ...targets.flatMap((target) => describeMeasured(target, variables, candidates)),
    ...(targets.length > 0 ? describePlaces(candidates) : []),
    `${generated.toLocaleString('en')} different experiments compared.`,
    ...merits.map((merit) => `${merit[0]!.toUpperCase()}${merit.slice(1)}.`),
  ];
  return [
    isNarrow
      ? describeSheet(candidates, width, (some) => [outcomesOf(payload, some), settingsOf(some)])
      : table,
    '',
    ...notes.map((note) => wrapText(note, width)),
  ].join('\n');
}

/** What is expected of each, and why it is there. */
function outcomesOf(
  { objectives, candidates: all }: DesignPayload,
  candidates: readonly Candidate[],
): Line[] {
  const targets = [...new Set(objectives.map(({ target }) => target))];
  const say = (title: string, cell: (candidate: Candidate) => string): Line => ({
    title,
    cells: candidates.map(cell),
  });
  const lines = targets.flatMap((target) => {
    const level = predictionOf(all[0]!, target).interval.level;
    return [
      say(target, (candidate) => formatNumber(predictionOf(candidate, target).mean, 3)),
      say(`${Math.round(1000 * level) / 10} % interval`, (candidate) => {
        const { lower, upper } = predictionOf(candidate, target).interval;
        return `${formatNumber(lower, 3)} … ${formatNumber(upper, 3)}`;
      }),
    ];
  });
  if (all.some(({ probabilityOfAll }) => probabilityOfAll !== null))
    lines.push(say('chance to meet all', ({ probabilityOfAll }) => formatChance(probabilityOfAll)));
  if (all.some(({ cost }) => cost !== null))
    lines.push(say('cost', ({ cost }) => formatNumber(cost ?? NaN, 3)));
  if (targets.length > 0) {
    lines.push(
      say('why', ({ reason }) => reasons[reason]),
      say('data', ({ applicability }) => (applicability === null ? '' : places[applicability.class].short)),
    );
  }
  if (all.some(({ nearest }) => nearest !== null))
    lines.push(say('nearest', ({ nearest }) => (nearest === null ? '' : `row ${nearest.row}`)));
  return lines;
}

function describeRows(candidates: readonly Candidate[], lines: readonly Line[]): string {
  return formatTable(
    ['#', ...lines.map(({ title }) => title)].map((title) => ({ title, align: 'right' as const })),
    candidates.map(({ rank }, i) => [String(rank), ...lines.map(({ cells }) => cells[i]!)]),
  );
}

/** Columns of experiments, in panels as wide as the width allows. */
function describeSheet(
  candidates: readonly Candidate[],
  width: number,
  blocksOf: (some: readonly Candidate[]) => readonly (readonly Line[])[],
): string {
  const lines = blocksOf(candidates).flat();
  const titleWidth = Math.min(
    Math.floor(width * 0.4),
    Math.max(...lines.map(({ title }) => textWidth(title))),
  );
  const cellWidth = Math.max(...lines.flatMap(({ cells }) => cells.map((cell) => textWidth(cell))));
  const most = Math.max(1, Math.floor((width - titleWidth) / (cellWidth + 2)));
  // As many panels as needed, and about as many experiments in each.
  const count = Math.ceil(candidates.length / Math.ceil(candidates.length / most));
  const panels: string[] = [];
  for (let start = 0; start < candidates.length; start += count) {
    const some = candidates.slice(start, start + count);
    const rows = blocksOf(some).flatMap((block, b) => [
      ...(b === 0 ? [] : [['']]),
      ...block.map(({ title, cells }) => [cut(title, titleWidth), ...cells]),
    ]);
    panels.push(
      formatTable(
        [{ title: '' }, ...some.map(({ rank }) => ({ title: `no. ${rank}`, align: 'right' as const }))],
        rows,
      ),
    );
  }
  return panels.join('\n\n');
}

function cellText(value: Candidate['inputs'][string] | undefined): string {
  return value === null || value === undefined ? '' : cut(String(value), maxCell);
}

function cut(text: string, width: number): string {
  return textWidth(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;
}

/** In whole per cent, and never certain. */
function formatChance(probability: number | null): string {
  if (probability === null) return '–';
  if (probability > 0.99) return '> 99 %';
  return probability < 0.01 ? '< 1 %' : `${Math.round(100 * probability)} %`;
}

function predictionOf({ predictions }: Candidate, target: string) {
  return predictions.find((one) => one.target === target)!.prediction;
}

/** The range measured so far, and which predictions lie beyond it. */
function describeMeasured(
  target: string,
  variables: readonly Variable[],
  candidates: readonly Candidate[],
): string[] {
  const range = variables.find(({ key }) => key === target)?.range ?? null;
  if (range === null) return [];
  const beyond = candidates.filter((candidate) => {
    const { mean } = predictionOf(candidate, target);
    return mean < range.min || mean > range.max;
  });
  const measured = `${target}: measured so far ${formatNumber(range.min, 4)} to ${formatNumber(range.max, 4)}`;
  return [beyond.length === 0 ? `${measured}.` : `${measured}; predicted beyond that: ${listRanks(beyond)}.`];
}

/** Which candidates lie where, and what to make of those that lie outside. */
function describePlaces(candidates: readonly Candidate[]): string[] {
  const found = (['inside', 'edge', 'outside'] as const).flatMap((place) => {
    const there = candidates.filter(({ applicability }) => applicability?.class === place);
    return there.length === 0
      ? []
      : [{ place, text: `${places[place].phrase} the data: ${listRanks(there)}` }];
  });
  if (found.length === 0) return [];
  const sentence = found.map(({ text }) => text).join('; ');
  const warning = found.at(-1)!.place === 'outside' ? ' Those outside rest on extrapolation.' : '';
  return [`${sentence[0]!.toUpperCase()}${sentence.slice(1)}.${warning}`];
}

/** `1-4, 6` */
function listRanks(candidates: readonly Candidate[]): string {
  const parts: string[] = [];
  const ranks = candidates.map(({ rank }) => rank);
  for (let i = 0; i < ranks.length;) {
    let end = i;
    while (ranks[end + 1] === ranks[end]! + 1) end++;
    parts.push(end === i ? String(ranks[i]) : `${ranks[i]}-${ranks[end]}`);
    i = end + 1;
  }
  return parts.join(', ');
}
