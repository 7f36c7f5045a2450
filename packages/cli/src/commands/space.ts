import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readDesignFiles } from '../readDesignFiles.ts';
import { resolveColumn } from '../resolveColumn.ts';

interface SpaceOptions {
  ignore: string[];
  target: string[];
  output?: string;
}

export function addSpaceCommand(program: Command): void {
  program
    .command('space')
    .description('print the search space that a table spans, as JSON to edit')
    .argument('<table>', 'CSV, .xlsx or Parquet file')
    .option('--target <column...>', 'measured properties, which are no part of it', [])
    .option('--ignore <column...>', 'columns to leave out', [])
    .option('--output <file>', 'write it to this file')
    .action(printSpace);
}

async function printSpace(path: string, options: SpaceOptions): Promise<void> {
  const { designer } = await readDesignFiles({ table: path, space: undefined, pending: undefined });
  const column = (text: string): string => resolveColumn(text, designer.variables);
  const space = designer.inferSpace(options.ignore.map(column), options.target.map(column));
  const text = `${JSON.stringify(space, null, 2)}\n`;
  if (options.output === undefined) process.stdout.write(text);
  else {
    await writeFile(options.output, text);
    console.log(
      `Wrote ${space.variables.length} variables and ${space.constraints.length} constraints to ${options.output}.`,
    );
  }
}
