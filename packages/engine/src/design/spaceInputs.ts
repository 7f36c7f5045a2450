import type { SearchSpace } from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';

/** The columns that rows of a space have, without any row: for designs before the first experiment. */
export function spaceInputs({ variables }: SearchSpace): Inputs {
  return {
    rowCount: 0,
    columns: variables.map((variable) => ({
      column:
        variable.kind === 'category'
          ? { kind: 'categorical', key: variable.key, codes: new Int32Array(0), levels: variable.levels }
          : { kind: 'numeric', key: variable.key, values: new Float64Array(0) },
      bounds: 'lower' in variable ? { lower: variable.lower, upper: variable.upper } : null,
      isAmount: variable.kind === 'amount',
    })),
  };
}
