import { Option, type Command } from 'commander';
import type { FilePlan } from '@athanor/server';
import { readDesignFiles } from '../readDesignFiles.ts';
import { resolveColumn } from '../resolveColumn.ts';
import { parseSeed, wholeNumber } from '../wholeNumber.ts';
import { showDesign } from './suggest.ts';

interface DoeOptions {
  space?: string;
  pending?: string;
  method?: FilePlan['method'];
  effects: FilePlan['terms'];
  target: string[];
  count?: number;
  generated: number;
  ignore: string[];
  seed: number;
  output?: string;
  json?: boolean;
}

const methods = ['space_filling', 'first_design', 'd_optimal', 'i_optimal'] as const;
const effects = ['linear', 'interactions', 'quadratic'] as const;

export function addDoeCommand(program: Command): void {
  program
    .command('doe')
    .description('plan experiments without models: fill the space, or tell effects apart')
    .argument('[table]', 'CSV, .xlsx or Parquet file with the experiments made so far, if any')
    .option('--space <file>', 'search space as JSON (default: what the table spans)')
    .option('--pending <file>', 'table of experiments under way')
    .addOption(
      new Option('--method <method>', 'default: space_filling with a table, first_design without').choices(
        methods,
      ),
    )
    .addOption(
      new Option('--effects <effects>', 'what an optimal design tells apart')
        .choices(effects)
        .default('quadratic'),
    )
    .option('--target <column...>', 'only rows with a value of these count as known', [])
    .option(
      '--count <number>',
      'experiments to plan (default: 20; a first design has a size of its own)',
      wholeNumber(1, 1000),
    )
    .option('--generated <number>', 'candidates to choose from', wholeNumber(1, 1_000_000), 10_000)
    .option('--ignore <column...>', 'columns to leave out', [])
    .option('--seed <number>', 'seed of all randomness', parseSeed, 1)
    .option('--output <file>', 'write the experiments as CSV, or all that is known of them as .json')
    .option('--json', 'print all that is known as JSON')
    .action(plan);
}

async function plan(path: string | undefined, options: DoeOptions): Promise<void> {
  const { designer, space, pending } = await readDesignFiles({
    table: path ?? null,
    space: options.space,
    pending: options.pending,
  });
  const column = (text: string): string => resolveColumn(text, designer.variables);
  const method = options.method ?? (path === undefined ? 'first_design' : 'space_filling');
  const payload = await designer.plan({
    space,
    method,
    anchorTargets: options.target.map(column),
    pending,
    generatedCount: options.generated,
    selectedCount: options.count ?? (method === 'first_design' ? null : 20),
    terms: options.effects,
    ignore: options.ignore.map(column),
    seed: options.seed,
  });
  await showDesign(payload, designer.toCsv(payload), designer.variables, options);
}
