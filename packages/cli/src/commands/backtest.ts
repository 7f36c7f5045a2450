import { Option, type Command } from 'commander';
import { designModes, policyNames, type BacktestPayload, type DesignMode } from '@athanor/schema';
import { formatNumber } from '../formatNumber.ts';
import { formatTable } from '../formatTable.ts';
import { readDesignFiles } from '../readDesignFiles.ts';
import { resolveColumn } from '../resolveColumn.ts';
import { showLive } from '../showLive.ts';
import { terminalWidth } from '../terminalWidth.ts';
import { parseSeed, wholeNumber } from '../wholeNumber.ts';
import { wrapText } from '../wrapText.ts';

/** Its name on the page, and the word that --policy and --mode take where that is another. */
function nameOf(policy: BacktestPayload['bestPolicy']): string {
  const name = policyNames[policy];
  return policy === 'random' || name.toLowerCase() === policy ? name : `${name} (${policy})`;
}

interface BacktestOptions {
  target: string;
  goal: 'maximize' | 'minimize';
  policy: DesignMode[];
  start: number;
  batch: number;
  budget: number;
  campaigns: number;
  ignore: string[];
  seed: number;
  json?: boolean;
}

export function addBacktestCommand(program: Command): void {
  program
    .command('backtest')
    .description('replay a table as campaigns: how much sooner than chance would the best have been found?')
    .argument('<table>', 'CSV, .xlsx or Parquet file')
    .requiredOption('--target <column>', 'measured property to optimise')
    .addOption(new Option('--goal <goal>').choices(['maximize', 'minimize']).default('maximize'))
    .addOption(
      new Option('--policy <policy...>', 'policies to compare')
        .choices(designModes)
        .default(['exploit', 'balanced', 'explore']),
    )
    .option('--start <number>', 'rows tried first, at random', wholeNumber(1, 10_000), 5)
    .option('--batch <number>', 'rows tried at a time', wholeNumber(1, 1000), 5)
    .option('--budget <number>', 'rows tried in all', wholeNumber(1, 100_000), 50)
    .option('--campaigns <number>', 'campaigns of each policy', wholeNumber(1, 1000), 10)
    .option('--ignore <column...>', 'columns to leave out', [])
    .option('--seed <number>', 'seed of all randomness', parseSeed, 1)
    .option('--json', 'print as JSON')
    .action(replay);
}

async function replay(path: string, options: BacktestOptions): Promise<void> {
  const { designer } = await readDesignFiles({ table: path, space: undefined, pending: undefined });
  const column = (text: string): string => resolveColumn(text, designer.variables);
  const report = designer.backtest(
    {
      target: column(options.target),
      goal: options.goal,
      policies: options.policy,
      startCount: options.start,
      batchSize: options.batch,
      budget: options.budget,
      campaigns: options.campaigns,
      ignore: options.ignore.map(column),
      seed: options.seed,
    },
    options.json === true ? () => {} : (share) => showLive(`replaying: ${Math.floor(100 * share)} %`),
  );
  if (options.json === true) {
    console.log(JSON.stringify(report));
    return;
  }
  showLive(null);
  const marks = [10, 20, 50, 100].filter((mark) => mark <= report.policies[0]!.best.length);
  const right = { align: 'right' as const };
  console.log(
    formatTable(
      [
        { title: 'way of choosing' },
        ...marks.map((mark) => ({ title: `best of ${mark}`, ...right })),
        { title: 'enhancement', ...right },
        { title: 'acceleration', ...right },
      ],
      report.policies.map(({ policy, best, enhancement, acceleration }) => [
        nameOf(policy),
        ...marks.map((mark) => formatNumber(best[mark - 1]!, 4)),
        `${formatNumber(enhancement, 2)} ×`,
        acceleration === null ? 'not reached' : `${formatNumber(acceleration, 2)} ×`,
      ]),
    ),
  );
  const width = terminalWidth(process.stdout);
  console.log(`\nBest on these ${report.rowCount} rows: ${nameOf(report.bestPolicy)}.`);
  console.log(
    wrapText(
      `"best of 10" is the best value among the first 10 experiments, the mean of ${options.campaigns === 1 ? 'one campaign' : `${options.campaigns} campaigns`}. ` +
        'Enhancement: share of the best twentieth of the table found after 20 experiments, against chance; acceleration: ' +
        'how many times sooner half of it is found.',
      width,
    ),
  );
}
