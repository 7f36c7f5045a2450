/**
 * Accuracy on tables of molecules, 80 % of the rows for training and 20 % for testing, drawn at random:
 * `node benchmarks/gp/molecules.ts [seeds] [table ...]` prints RMSE by table.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gaussianProcessModel } from '../../packages/engine/src/models/gaussianProcess.ts';
import type { Inputs } from '../../packages/engine/src/models/inputs.ts';
import { findModel } from '../../packages/engine/src/models/registry.ts';
import { describeColumn } from '../../packages/engine/src/table/molecules/describeMolecules.ts';
import { momentsOf, quantilesOf } from '../../packages/engine/src/posteriors/operations.ts';
import { createGenerator } from '../../packages/engine/src/random/createGenerator.ts';
import { takeRows } from '../../packages/engine/src/table/column.ts';
import { MoleculeReader } from '../../packages/server/src/molecules/moleculeReader.ts';
import { dataFolder, drawRows } from './problems.ts';

const tables: Readonly<Record<string, { readonly smiles: string; readonly target: string }>> = {
  esol: { smiles: 'smiles', target: 'log_solubility_mol_l' },
  photoswitch: { smiles: 'smiles', target: 'E_pi_pi_nm' },
};

export interface MoleculeAccuracy {
  readonly rmse: number;
  /** Standard error of it over the seeds. */
  readonly rmseError: number;
  /** Share of test rows within the central 95 % interval. */
  readonly coverage95: number;
  readonly fitSeconds: number;
}

/** Mean over seeds. */
export async function measureMolecules(
  name: string,
  seeds: number,
  kind = gaussianProcessModel.kind as string,
): Promise<MoleculeAccuracy> {
  const { smiles, target } = tables[name]!;
  const [header, ...lines] = readFileSync(join(dataFolder, `${name}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/);
  // The names of compounds have commas in quotes; SMILES and numbers have neither.
  const cellsOf = (line: string): string[] =>
    line.match(/("[^"]*"|[^,]*)(?:,|$)/g)!.map((cell) => cell.replace(/,$/, ''));
  const keys = cellsOf(header!);
  const rows = lines
    .map((line) => cellsOf(line))
    .map((cells) => ({ text: cells[keys.indexOf(smiles)]!, y: cells[keys.indexOf(target)]! }))
    .filter(({ y }) => y !== '');
  const reader = new MoleculeReader();
  const levels = [...new Set(rows.map(({ text }) => text))];
  const codes = Int32Array.from(rows, ({ text }) => levels.indexOf(text));
  const column = describeColumn(
    { kind: 'categorical', key: 'molecule', codes, levels },
    await reader.describe(levels),
  );
  await reader.close();
  if (column.refused.length > 0) throw new Error(`${name}: ${JSON.stringify(column.refused)}`);
  const inputsOf = (chosen: readonly number[]): Inputs => ({
    rowCount: chosen.length,
    columns: [{ column: takeRows(column, Int32Array.from(chosen)), bounds: null, isAmount: false }],
  });

  const model = findModel(kind);
  const errors: number[] = [];
  let inside = 0;
  let count = 0;
  const started = performance.now();
  for (let seed = 0; seed < seeds; seed++) {
    const train = drawRows(rows.length, Math.floor(0.8 * rows.length), 9000 + seed);
    const isTrain = new Set(train);
    const test = rows.map((_, i) => i).filter((i) => !isTrain.has(i));
    const y = (chosen: readonly number[]) => Float64Array.from(chosen, (i) => Number(rows[i]!.y));
    const { fitted } = model.fit(
      { inputs: inputsOf(train), y: y(train), groups: Int32Array.from(train, (_, i) => i) },
      model.defaultSpec,
      createGenerator(seed),
    );
    const posterior = model.predict(fitted, inputsOf(test));
    const { mean } = momentsOf(posterior);
    const low = quantilesOf(posterior, 0.025);
    const high = quantilesOf(posterior, 0.975);
    let sum = 0;
    y(test).forEach((value, i) => {
      sum += (value - mean[i]!) ** 2;
      if (value >= low[i]! && value <= high[i]!) inside++;
    });
    count += test.length;
    errors.push(Math.sqrt(sum / test.length));
  }
  const rmse = errors.reduce((sum, e) => sum + e / seeds, 0);
  const spread = Math.sqrt(errors.reduce((sum, e) => sum + (e - rmse) ** 2, 0) / Math.max(1, seeds - 1));
  return {
    rmse,
    rmseError: spread / Math.sqrt(seeds),
    coverage95: inside / count,
    fitSeconds: (performance.now() - started) / 1000 / seeds,
  };
}

if (process.argv[1] === import.meta.filename) {
  const [seeds = '10', ...names] = process.argv.slice(2);
  for (const name of names.length > 0 ? names : Object.keys(tables)) {
    for (const kind of ['gaussianProcess', 'extraTrees', 'ridge']) {
      const { rmse, rmseError, coverage95, fitSeconds } = await measureMolecules(name, Number(seeds), kind);
      console.log(
        `${name} ${kind}: RMSE ${rmse.toFixed(3)} ± ${rmseError.toFixed(3)}, 95 % coverage ${coverage95.toFixed(3)}, ${fitSeconds.toFixed(1)} s a fit`,
      );
    }
  }
}
