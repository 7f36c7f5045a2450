import type { Highs } from 'highs';
import loadModule from 'highs';
import type { LinearSolver } from './linearSolver.ts';

/** The least the solver allows, because a point is whole numbers and must not be nearly one. */
const tolerance = 1e-9;

let loading: Promise<LinearSolver> | null = null;

/** The HiGHS solver (Huangfu & Hall 2018), compiled to WebAssembly; loaded once, some 40 ms. */
export function loadHighs(): Promise<LinearSolver> {
  loading ??= (loadModule as unknown as (options: object) => Promise<Highs>)({}).then(wrap);
  return loading;
}

function wrap(highs: Highs): LinearSolver {
  return {
    solve({ costs, lower, upper, isInteger, rows }, options = {}) {
      if (costs.length === 0) return { status: 'unknown', reason: 'no variables' };
      const starts = [0];
      const indices: number[] = [];
      const values: number[] = [];
      for (const row of rows) {
        indices.push(...row.indices);
        values.push(...row.values);
        starts.push(indices.length);
      }
      return highs.withModel((model) => {
        model.options.set({
          output_flag: false,
          primal_feasibility_tolerance: tolerance,
          mip_feasibility_tolerance: tolerance,
          mip_rel_gap: options.gap ?? 0,
          mip_abs_gap: (options.gap ?? 0) > 0 ? 1e-6 : 0,
          random_seed: 1,
          ...(options.maxNodes === undefined ? {} : { mip_max_nodes: options.maxNodes }),
        });
        model.passModel({
          numCols: costs.length,
          numRows: rows.length,
          colCost: costs,
          colLower: lower,
          colUpper: upper,
          rowLower: rows.map((row) => row.lower),
          rowUpper: rows.map((row) => row.upper),
          matrix: { format: 'csr', numRows: rows.length, numCols: costs.length, starts, indices, values },
          integrality: isInteger,
        });
        model.run();
        const status = model.getModelStatus();
        const codes = highs.constants.modelStatus;
        // Every program here is bounded, so that "unbounded or infeasible" can only be the latter.
        if (status === codes.infeasible || status === codes.unboundedOrInfeasible)
          return { status: 'infeasible' } as const;
        const isSolved =
          status === codes.optimal ||
          (status === codes.solutionLimit && model.info.get('primal_solution_status') === 2);
        if (!isSolved) return { status: 'unknown', reason: `status ${status}` } as const;
        return {
          status: 'optimal',
          x: Float64Array.from(model.getSolution().colValue),
          objective: Number(model.getObjectiveValue()),
        } as const;
      });
    },
  };
}
