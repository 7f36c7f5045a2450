import { writeFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import {
  designModes,
  designRunLimits,
  type DesignMode,
  type DesignPayload,
  type Variable,
} from '@athanor/schema';
import { describeDesign } from '../describeDesign.ts';
import { parseObjectives } from '../parseObjective.ts';
import { readDesignFiles } from '../readDesignFiles.ts';
import { resolveColumn } from '../resolveColumn.ts';
import { showLive } from '../showLive.ts';
import { terminalWidth } from '../terminalWidth.ts';
import { parseSeed, parseShare, wholeNumber } from '../wholeNumber.ts';
import { wrapText } from '../wrapText.ts';

const { generated, selected } = designRunLimits.generate;

interface SuggestOptions {
  maximize: string[];
  minimize: string[];
  match: string[];
  require: string[];
  wish: string[];
  space?: string;
  pending?: string;
  mode: DesignMode;
  count: number;
  generated: number;
  diversity: number;
  ignore: string[];
  seed: number;
  output?: string;
  json?: boolean;
}

export function addSuggestCommand(program: Command): void {
  program
    .command('suggest')
    .description('propose the next experiments from a table')
    .argument('<table>', 'CSV, .xlsx or Parquet file with the experiments made so far')
    .option('--maximize <column...>', 'as much of this as possible', [])
    .option('--minimize <column...>', 'as little of this as possible', [])
    .option('--match <column=value...>', 'as near as possible to a value', [])
    .option('--require <criterion...>', 'must hold, e.g. "slump>=10", "pH=6..8"', [])
    .option('--wish <criterion...>', 'should hold', [])
    .option('--space <file>', 'search space as JSON (default: what the table spans; see athanor space)')
    .option('--pending <file>', 'table of experiments under way')
    .addOption(
      new Option(
        '--mode <mode>',
        'how daring: exploit stays within what the data support, balanced half of that, explore and thompson go anywhere',
      )
        .choices(designModes)
        .default('balanced'),
    )
    .option('--count <number>', 'experiments to propose', wholeNumber(1, selected.max), 8)
    .option('--generated <number>', 'candidates to compare', wholeNumber(1, generated.max), 20_000)
    .option(
      '--diversity <share>',
      '0 takes the best whatever they have in common, 1 spreads them',
      parseShare,
      0.5,
    )
    .option('--ignore <column...>', 'columns to leave out', [])
    .option('--seed <number>', 'seed of all randomness', parseSeed, 1)
    .option('--output <file>', 'write the experiments as CSV, or all that is known of them as .json')
    .option('--json', 'print all that is known as JSON')
    .action(suggest);
}

async function suggest(path: string, options: SuggestOptions): Promise<void> {
  const { designer, space, pending } = await readDesignFiles({
    table: path,
    space: options.space,
    pending: options.pending,
  });
  const say = options.json === true ? () => {} : (text: string) => console.error(text);
  const objectives = parseObjectives(options, designer.variables);
  const { payload, models } = await designer.suggest(
    {
      objectives,
      space,
      mode: options.mode,
      pending,
      generatedCount: options.generated,
      selectedCount: options.count,
      diversity: options.diversity,
      ignore: options.ignore.map((text) => resolveColumn(text, designer.variables)),
      seed: options.seed,
    },
    options.json === true ? () => {} : showLive,
  );
  if (options.json !== true) showLive(null);
  for (const { target, model, r2 } of models)
    say(`${target}: ${model}, R² ${r2.toFixed(3)} on rows not seen`);
  await showDesign(payload, designer.toCsv(payload), designer.variables, options);
}

/** Prints a design, and writes it to the file that was asked for. */
export async function showDesign(
  payload: DesignPayload,
  csv: string,
  variables: readonly Variable[],
  { output, json }: { readonly output?: string; readonly json?: boolean },
): Promise<void> {
  const width = terminalWidth(process.stdout);
  if (json === true) console.log(JSON.stringify(payload));
  else {
    console.log(`\n${describeDesign(payload, variables, width)}`);
    for (const { message } of payload.warnings) console.error(wrapText(`  ! ${message}`, width, '    '));
  }
  if (output === undefined) return;
  const isJson = output.toLowerCase().endsWith('.json');
  await writeFile(output, isJson ? `${JSON.stringify(payload, null, 2)}\n` : csv);
  console.error(`Wrote ${payload.candidates.length} experiments to ${output}.`);
}
