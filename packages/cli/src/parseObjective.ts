import { type Criterion, Objective, ProblemError, type Variable } from '@athanor/schema';
import { resolveColumn } from './resolveColumn.ts';

/** What a person writes after the options that say what is wanted. */
export interface WantedTexts {
  readonly maximize: readonly string[];
  readonly minimize: readonly string[];
  /** `column=value` */
  readonly match: readonly string[];
  /** `column>=value`, `column<value`, `column=a..b`, `column=a,b,c` */
  readonly require: readonly string[];
  readonly wish: readonly string[];
}

/** The objectives that texts of a command line mean. @throws ProblemError OPTION_INVALID, COLUMN_UNKNOWN */
export function parseObjectives(texts: WantedTexts, variables: readonly Variable[]): Objective[] {
  const column = (text: string): string => resolveColumn(text, variables);
  const criteria = [
    ...texts.require.map((text) => ({ ...parseCriterion(text), isRequired: true })),
    ...texts.wish.map((text) => ({ ...parseCriterion(text), isRequired: false })),
  ];
  const objectives: Objective[] = [
    ...texts.maximize.map((text) => ({ target: column(text), goal: 'maximize' as const })),
    ...texts.minimize.map((text) => ({ target: column(text), goal: 'minimize' as const })),
    ...texts.match.map((text) => {
      const { name, criterion } = parseCriterion(text);
      if (criterion.operator !== 'eq') throw refuse(text, 'column=value');
      return { target: column(name), goal: 'match' as const, value: criterion.value };
    }),
    ...criteria.map(({ name, criterion, isRequired }) => ({
      target: column(name),
      goal: 'meet' as const,
      criterion,
      isRequired,
    })),
  ];
  if (objectives.length === 0)
    throw ProblemError.of(
      'OPTION_INVALID',
      'nothing is wanted of any column',
      {},
      'Say what is wanted, for example --maximize strength --require "slump>=10".',
    );
  return objectives.map((objective) => Objective.parse(objective));
}

const signs = { '>=': 'gte', '<=': 'lte', '>': 'gt', '<': 'lt' } as const;

function parseCriterion(text: string): { name: string; criterion: Criterion } {
  const parts = /^(.*?)\s*(>=|<=|>|<|=)\s*(.+)$/.exec(text);
  if (parts === null) throw refuse(text, 'column>=value');
  const [, name, sign, value] = parts as unknown as [string, string, keyof typeof signs | '=', string];
  const number = (part: string): number => {
    const parsed = Number(part);
    if (part.trim() === '' || !Number.isFinite(parsed)) throw refuse(text, `column${sign}number`);
    return parsed;
  };
  if (sign !== '=') return { name, criterion: { operator: signs[sign], value: number(value) } };
  const range = /^(.+?)\.\.(.+)$/.exec(value);
  if (range !== null)
    return {
      name,
      criterion: { operator: 'between', value: { min: number(range[1]!), max: number(range[2]!) } },
    };
  const list = value.split(',');
  if (list.length > 1) return { name, criterion: { operator: 'in-set', value: list.map(number) } };
  return { name, criterion: { operator: 'eq', value: number(value) } };
}

function refuse(text: string, form: string): ProblemError {
  return ProblemError.of(
    'OPTION_INVALID',
    `"${text}" says nothing that can be wanted`,
    { value: text },
    `Write it as ${form}.`,
  );
}
