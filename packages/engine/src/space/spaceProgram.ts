import type { CompiledSpace, ExcludedPoint, Intervals, LatticeVariable } from './compiledSpace.ts';
import { complementOf } from './intervals.ts';
import type { IntegerProgram, LinearRow, LinearSolver, SolveOptions } from './linearSolver.ts';

/** What of a space the program is to hold. */
export interface ProgramChoice {
  /** Whether a source is in force [sources]; all by default. */
  readonly isActive?: (source: number) => boolean;
  /** Sources that may be broken at a cost, in proportion to how far. */
  readonly isElastic?: (source: number) => boolean;
  /** Points that must be left. */
  readonly excluded?: readonly ExcludedPoint[];
}

/** How far a numeric limit was broken: in steps or in the whole numbers of the sum. */
interface ElasticColumn {
  readonly source: number;
  readonly column: number;
}

/** Bounds that are not in force are this many times their width further out. */
const freedom = 100;
/** Cost of dropping a rule that cannot be broken a little. */
const dropCost = 10;

/**
 * The space as a mixed-integer program: a whole column for every number, a column of 0 and 1 for every level, whether
 * an amount is used, and every branch of an "or".
 */
export class SpaceProgram {
  readonly #space: CompiledSpace;
  readonly #rows: LinearRow[] = [];
  readonly #lower: number[] = [];
  readonly #upper: number[] = [];
  readonly #isInteger: (0 | 1)[] = [];
  readonly #costs: number[] = [];
  /** First column of each variable. */
  readonly #columnOf: number[] = [];
  readonly #usedColumn = new Map<number, number>();
  readonly #elastic: ElasticColumn[] = [];
  readonly #isActive: (source: number) => boolean;
  readonly #isElastic: (source: number) => boolean;

  constructor(space: CompiledSpace, choice: ProgramChoice = {}) {
    this.#space = space;
    this.#isActive = choice.isActive ?? (() => true);
    this.#isElastic = choice.isElastic ?? (() => false);
    space.variables.forEach((variable, j) => {
      if (variable.kind === 'list') this.#addLevels(variable.upper + 1);
      else this.#addNumber(variable, j);
    });
    this.#addSums();
    this.#addMinimums();
    this.#addCounts();
    for (const clause of space.clauses)
      if (this.#isActive(clause.source)) this.#addClause(clause.literals, clause.source);
    for (const { cells, source } of choice.excluded ?? []) {
      if (!this.#isActive(source)) continue;
      const literals = cells.map(([variable, n]) => {
        const { lower, upper } = this.#range(variable);
        return { variable, intervals: complementOf([[n, n]], lower, upper) };
      });
      this.#addClause(literals, source);
    }
  }

  /**
   * A point of the space, or null when there is none.
   *
   * @param costs cost of a step of each variable, or of each level of a list; zero by default
   * @throws Error when the solver gives up
   */
  solve(
    solver: LinearSolver,
    costs?: (variable: number, level: number) => number,
    options?: SolveOptions,
  ): { readonly point: Int32Array; readonly broken: ReadonlySet<number> } | null {
    const all = this.#costs.slice();
    if (costs !== undefined) {
      this.#space.variables.forEach((variable, j) => {
        const first = this.#columnOf[j]!;
        if (variable.kind === 'lattice') all[first] = costs(j, 0);
        else for (let k = 0; k <= variable.upper; k++) all[first + k] = costs(j, k);
      });
    }
    const program: IntegerProgram = {
      costs: all,
      lower: this.#lower,
      upper: this.#upper,
      isInteger: this.#isInteger,
      rows: this.#rows,
    };
    const solution = solver.solve(program, options);
    if (solution.status === 'infeasible') return null;
    if (solution.status === 'unknown') throw new Error(`the solver gave up: ${solution.reason}`);
    const { x } = solution;
    const point = Int32Array.from(this.#space.variables, (variable, j) => {
      const first = this.#columnOf[j]!;
      if (variable.kind === 'lattice') return Math.round(x[first]!);
      let best = 0;
      for (let k = 1; k <= variable.upper; k++) if (x[first + k]! > x[first + best]!) best = k;
      return best;
    });
    const broken = new Set(
      this.#elastic.filter(({ column }) => x[column]! > 1e-6).map(({ source }) => source),
    );
    return { point, broken };
  }

  #column(lower: number, upper: number, isInteger: 0 | 1, cost = 0): number {
    this.#lower.push(lower);
    this.#upper.push(upper);
    this.#isInteger.push(isInteger);
    this.#costs.push(cost);
    return this.#lower.length - 1;
  }

  #row(terms: readonly (readonly [column: number, value: number])[], lower: number, upper: number): void {
    // A variable named twice has one coefficient.
    const merged = new Map<number, number>();
    for (const [column, value] of terms) merged.set(column, (merged.get(column) ?? 0) + value);
    this.#rows.push({ indices: [...merged.keys()], values: [...merged.values()], lower, upper });
  }

  #addLevels(count: number): void {
    const columns = Array.from({ length: count }, () => this.#column(0, 1, 1));
    this.#columnOf.push(columns[0]!);
    const ones = columns.map((column) => [column, 1] as const);
    this.#row(ones, 1, 1);
  }

  /** Bounds of a variable, wider where they are not in force. */
  #range(j: number): { lower: number; upper: number } {
    const variable = this.#space.variables[j]!;
    const source = this.#boundSource(j);
    if (variable.kind === 'list' || (this.#isActive(source) && !this.#isElastic(source))) return variable;
    const room = freedom * Math.max(variable.upper - variable.lower, Math.abs(variable.upper), 100);
    return { lower: variable.isAmount ? 0 : variable.lower - room, upper: variable.upper + room };
  }

  #boundSource(j: number): number {
    return this.#space.sources.length - this.#space.variables.length + j;
  }

  #addNumber(variable: LatticeVariable, j: number): void {
    const { lower, upper } = this.#range(j);
    const column = this.#column(lower, upper, 1);
    this.#columnOf.push(column);
    const source = this.#boundSource(j);
    if (!this.#isActive(source) || !this.#isElastic(source)) return;
    const width = Math.max(variable.upper - variable.lower, 1);
    const below = this.#slack(source, width);
    const above = this.#slack(source, width);
    this.#row(
      [
        [column, 1],
        [below, 1],
      ],
      variable.lower,
      Infinity,
    );
    this.#row(
      [
        [column, 1],
        [above, -1],
      ],
      -Infinity,
      variable.upper,
    );
  }

  #slack(source: number, scale: number): number {
    const column = this.#column(0, Infinity, 0, 1 / scale);
    this.#elastic.push({ source, column });
    return column;
  }

  #addSums(): void {
    for (const { source, terms, lower, upper } of this.#space.sums) {
      if (!this.#isActive(source)) continue;
      // Rows are divided by their greatest coefficient: the solver's tolerance is absolute.
      let scale = 0;
      for (const term of terms)
        scale = Math.max(scale, 'slope' in term ? Math.abs(term.slope) : largest(term.table));
      scale ||= 1;
      const row: [number, number][] = terms.flatMap((term): [number, number][] => {
        const first = this.#columnOf[term.variable]!;
        if ('slope' in term) return [[first, term.slope / scale]];
        return Array.from(term.table, (value, k) => [first + k, value / scale]);
      });
      if (this.#isElastic(source)) {
        const size =
          Math.max(
            Number.isFinite(lower) ? Math.abs(lower) : 0,
            Number.isFinite(upper) ? Math.abs(upper) : 0,
          ) / scale;
        // A total of everything is the last thing to give up.
        const stiffness = lower === upper ? 10 : 1;
        const unit = Math.max(size, 10) / stiffness;
        row.push([this.#slack(source, unit), 1], [this.#slack(source, unit), -1]);
      }
      this.#row(row, lower / scale, upper / scale);
    }
  }

  #addMinimums(): void {
    for (const { source, variable, value } of this.#space.minimums) {
      if (!this.#isActive(source)) continue;
      const row: [number, number][] = [
        [this.#columnOf[variable]!, 1],
        [this.#used(variable), -value],
      ];
      if (this.#isElastic(source)) row.push([this.#slack(source, Math.max(value, 1)), 1]);
      this.#row(row, 0, Infinity);
    }
  }

  #addCounts(): void {
    for (const { source, variables, min, max } of this.#space.counts) {
      if (!this.#isActive(source)) continue;
      const row: [number, number][] = variables.map((j) => [this.#used(j), 1]);
      if (this.#isElastic(source)) row.push([this.#slack(source, 1), 1], [this.#slack(source, 1), -1]);
      this.#row(row, min, max);
    }
  }

  /** The column that is 1 exactly when an amount is used. */
  #used(j: number): number {
    const known = this.#usedColumn.get(j);
    if (known !== undefined) return known;
    const { lower, upper } = this.#range(j);
    const column = this.#column(lower > 0 ? 1 : 0, upper < 1 ? 0 : 1, 1);
    this.#usedColumn.set(j, column);
    const amount = this.#columnOf[j]!;
    this.#row(
      [
        [amount, 1],
        [column, -upper],
      ],
      -Infinity,
      0,
    );
    this.#row(
      [
        [amount, 1],
        [column, -1],
      ],
      0,
      Infinity,
    );
    return column;
  }

  #addClause(
    literals: readonly { readonly variable: number; readonly intervals: Intervals }[],
    source: number,
  ): void {
    const branches: [number, number][] = [];
    for (const { variable, intervals } of literals) {
      const first = this.#columnOf[variable]!;
      const compiled = this.#space.variables[variable]!;
      if (compiled.kind === 'list') {
        for (const [low, high] of intervals) for (let k = low; k <= high; k++) branches.push([first + k, 1]);
        continue;
      }
      const { lower, upper } = this.#range(variable);
      for (const [low, high] of intervals) {
        const branch = this.#column(0, 1, 1);
        branches.push([branch, 1]);
        // The branch taken holds n within low .. high; one not taken says nothing.
        this.#row(
          [
            [first, 1],
            [branch, lower - low],
          ],
          lower,
          Infinity,
        );
        this.#row(
          [
            [first, 1],
            [branch, upper - high],
          ],
          -Infinity,
          upper,
        );
      }
    }
    if (this.#isElastic(source)) {
      const dropped = this.#column(0, 1, 1, dropCost);
      this.#elastic.push({ source, column: dropped });
      branches.push([dropped, 1]);
    }
    this.#row(branches, 1, Infinity);
  }
}

function largest(table: Float64Array): number {
  return table.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
