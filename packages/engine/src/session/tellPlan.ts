import { listNames } from '../listNames.ts';
import type { InputColumn } from '../models/inputs.ts';
import { fitInputEncoder } from '../transforms/inputEncoder.ts';
import type { InputEncoding } from '../transforms/inputEncoding.ts';
import type { BuildPlan } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';
import { listLeftOut } from './listLeftOut.ts';
import { sessionInputs } from './sessionInputs.ts';

/** A sentence of the story of a build. */
export interface StoryLine {
  readonly stage: 'read' | 'drop' | 'transform';
  readonly message: string;
}

/** What was read, what is left out, and what becomes of the rest before models see it, each with the reason. */
export function tellPlan(request: BuildRequest, plan: BuildPlan): StoryLine[] {
  const { table } = request;
  const session = sessionInputs(table, plan.inputs);
  const { kind, encoding, delimiter, decimalMark, sheet, headerRow } = table.format;
  const details = [
    encoding,
    delimiter === null ? null : `delimiter ${JSON.stringify(delimiter)}`,
    decimalMark === null ? null : `decimal mark ${decimalMark}`,
    sheet === null ? null : `sheet ${sheet}`,
    headerRow === null ? null : `header in row ${headerRow}`,
  ].filter((detail) => detail !== null);
  const read: StoryLine = {
    stage: 'read',
    message: `Read ${table.rowCount} rows and ${table.columns.length} columns from ${kind} (${details.join(', ')})`,
  };
  const dropped = listLeftOut(request, plan).map(({ column, reason }): StoryLine => ({
    stage: 'drop',
    message: `${column} is left out: ${reason}`,
  }));
  const closed: StoryLine[] =
    session.closure === null
      ? []
      : [
          {
            stage: 'transform',
            message: `Amounts add up to ${session.closure}: an empty one is zero in rows that add up without it`,
          },
        ];
  const encoder = fitInputEncoder(session.inputs, { missing: 'impute' });
  const columns = new Map(session.inputs.columns.map((input) => [input.column.key, input]));
  const transformed = encoder.inputs.flatMap((encoding): StoryLine[] =>
    tellEncoding(encoding, columns.get(encoding.key)!).map((message) => ({ stage: 'transform', message })),
  );
  return [read, ...dropped, ...closed, ...transformed];
}

function tellEncoding(encoding: InputEncoding, { column, bounds }: InputColumn): string[] {
  const { key } = encoding;
  if (encoding.kind === 'categorical') {
    const levels = encoding.levels.filter((level) => level !== null);
    const gaps = encoding.levels.includes(null) ? ', empty cells being a level of their own' : '';
    return [`${key} is one of ${levels.length} levels${gaps}: ${listNames(levels)}`];
  }
  const told: string[] = [];
  if (encoding.isLog && column.kind === 'numeric') {
    const present = column.values.filter((value) => !Number.isNaN(value)).sort();
    const ratio = Number((present.at(-1)! / present[0]!).toPrecision(3));
    told.push(`${key} is taken as its logarithm: its largest value is ${ratio} times its smallest`);
  }
  if (bounds !== null) told.push(`${key} is scaled by its bounds, ${bounds.lower} to ${bounds.upper}`);
  if (column.kind === 'numeric' && column.values.some(Number.isNaN)) {
    const marked = encoding.hasIndicator ? ', with a column that says where' : '';
    told.push(`${key} has gaps: trees follow them, other models take the median${marked}`);
  }
  return told;
}
