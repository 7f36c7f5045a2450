import type { ModelInput } from '../artifact/sessionModel.ts';
import { takeMolecules } from '../table/molecules/moleculeSet.ts';
import type { Table } from '../table/table.ts';
import type { BuildPlan } from './buildPlan.ts';
import { requireColumn } from './chooseInputs.ts';

/**
 * The inputs of a build as predictions must give them; ranges and levels are those of the rows that were used.
 *
 * @param spare keys that a prediction may leave out
 */
export function describeInputs(table: Table, plan: BuildPlan, spare: readonly string[]): ModelInput[] {
  const used = new Set(plan.targets.flatMap(({ rows }) => [...rows]));
  return plan.inputs.map((key): ModelInput => {
    const { variable, column } = requireColumn(table, key, 'inputs');
    const { type, dataType, unit, bounds } = variable;
    if (column.kind === 'numeric') {
      let min = Infinity;
      let max = -Infinity;
      for (const i of used) {
        const value = column.values[i]!;
        if (value < min) min = value;
        if (value > max) max = value;
      }
      const range = min <= max ? { min, max } : null;
      return {
        key,
        type,
        dataType,
        unit,
        range,
        bounds,
        levels: null,
        molecules: null,
        isNeeded: min < max && !spare.includes(key),
      };
    }
    const codes = new Set([...used].map((i) => column.codes[i]!));
    // Sorted, so that the order of rows in the table leaves no trace.
    const order = [...column.levels.keys()]
      .filter((code) => codes.has(code))
      .sort((a, b) => (column.levels[a]! < column.levels[b]! ? -1 : 1));
    const levels = order.map((code) => column.levels[code]!);
    const molecules = column.kind === 'molecular' ? takeMolecules(column.molecules, order) : null;
    return {
      key,
      type,
      dataType,
      unit,
      range: null,
      bounds: null,
      levels,
      molecules,
      isNeeded: levels.length > 1 && !spare.includes(key),
    };
  });
}
