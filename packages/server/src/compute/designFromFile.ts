import type { Table } from '@athanor/engine';
import {
  type BacktestPayload,
  type DesignMode,
  type DesignPayload,
  type InputRow,
  type Objective,
  ProblemError,
  problemItem,
  type SearchSpace,
  type Variable,
} from '@athanor/schema';
import { moleculeNames, textsOf } from './moleculeNames.ts';
import { renameRow, renameSpace } from './renameSpace.ts';

/** A table in a file. */
export interface TableFile {
  readonly bytes: Uint8Array;
  readonly fileName: string;
}

export interface FileSuggestion {
  readonly objectives: readonly Objective[];
  readonly space: SearchSpace | null;
  readonly mode: DesignMode;
  readonly pending: readonly InputRow[];
  readonly generatedCount: number;
  readonly selectedCount: number;
  readonly diversity: number;
  readonly ignore: readonly string[];
  readonly seed: number;
}

export interface FilePlan {
  readonly space: SearchSpace | null;
  readonly method: 'space_filling' | 'first_design' | 'd_optimal' | 'i_optimal';
  readonly anchorTargets: readonly string[];
  readonly pending: readonly InputRow[];
  readonly generatedCount: number;
  readonly selectedCount: number | null;
  readonly terms: 'linear' | 'interactions' | 'quadratic';
  readonly ignore: readonly string[];
  readonly seed: number;
}

export interface FileBacktest {
  readonly target: string;
  readonly goal: 'maximize' | 'minimize';
  readonly policies: readonly DesignMode[];
  readonly startCount: number;
  readonly batchSize: number;
  readonly budget: number;
  readonly campaigns: number;
  readonly ignore: readonly string[];
  readonly seed: number;
}

/** A table of this machine, read once, and what can be designed from it without a server. */
export interface FileDesigner {
  /** Columns as they were understood; empty without a table. */
  readonly variables: readonly Variable[];
  inferSpace(ignore: readonly string[], targets: readonly string[]): SearchSpace;
  /** @param report a stage and the share of it that is done */
  suggest(
    request: FileSuggestion,
    report: (stage: string, share: number) => void,
  ): Promise<{
    payload: DesignPayload;
    models: readonly { readonly target: string; readonly model: string; readonly r2: number }[];
  }>;
  plan(request: FilePlan): Promise<DesignPayload>;
  backtest(
    request: FileBacktest,
    report: (share: number) => void,
  ): {
    readonly rowCount: number;
    readonly bestPolicy: BacktestPayload['bestPolicy'];
    readonly policies: readonly {
      readonly policy: BacktestPayload['bestPolicy'];
      readonly best: readonly number[];
      readonly topFound: readonly number[];
      readonly enhancement: number;
      readonly acceleration: number | null;
    }[];
  };
  toCsv(payload: DesignPayload): string;
}

/**
 * Opens a table for design in this process.
 *
 * @param file null for a first design from a search space alone
 * @throws ProblemError with the code of what cannot be read or done, as all its functions do
 */
export async function designFromFile(file: TableFile | null): Promise<FileDesigner> {
  // Here and not above: the engine is large, and most who import this package never need it in their process.
  const engine = await import('@athanor/engine');
  const { inflateRaw } = await import('./readTypedTable.ts');
  const { typeForTargets } = await import('./typeForTargets.ts');
  const { MoleculeReader } = await import('../molecules/moleculeReader.ts');
  const { EngineError } = engine;
  const explain = (error: unknown): unknown =>
    error instanceof EngineError
      ? new ProblemError([problemItem(error.code, error.message, error.location, error.fix)], {
          cause: error,
        })
      : error;
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw explain(error);
    }
  };
  const describe = async (texts: readonly string[]) => {
    const reader = new MoleculeReader();
    const molecules = await reader.describe(texts);
    await reader.close();
    return molecules;
  };
  const read = async () => {
    if (file === null) return null;
    try {
      const raw = await engine.readTable(file.bytes, {
        fileName: file.fileName,
        limits: engine.defaultReadLimits,
        inflateRaw,
      });
      const typed = engine.typeTable(raw, []);
      return { raw, typed, molecules: await describe(engine.moleculeTexts(typed)) };
    } catch (error) {
      throw explain(error);
    }
  };
  const content = await read();
  /** The table as somebody reads it who names these targets. */
  const tableFor = (targets: readonly string[]) => {
    if (content === null) throw new TypeError('there is no table');
    return engine.describeMolecules(typeForTargets(content.raw, [], targets), content.molecules);
  };
  /** A space and rows with their molecules named as the table names them, and what is known of these. */
  const nameMolecules = async (
    table: Table | null,
    { space, pending }: Pick<FileSuggestion, 'space' | 'pending'>,
  ) => {
    if (table === null) return { space, pending };
    const texts = textsOf(space, pending);
    const molecules = await describe(
      table.columns.flatMap(({ kind, key }) => (kind === 'molecular' ? (texts[key] ?? []) : [])),
    );
    const rename = moleculeNames(table, molecules);
    return {
      space: space === null ? null : renameSpace(space, rename),
      pending: pending.map((row) => renameRow(row, rename)),
      molecules,
    };
  };
  const clock = (): number => performance.now() / 1000;
  return {
    variables: content?.typed.variables ?? [],
    inferSpace: (ignore, targets) =>
      guard(() => {
        const table = tableFor(targets);
        const { keys } = engine.chooseInputs({ table, targets, ignore, group: null });
        return engine.inferSpace(table, keys);
      }),
    async suggest(request, report) {
      const solver = await engine.loadHighs();
      const table = guard(() => tableFor(request.objectives.map(({ target }) => target)));
      const named = await nameMolecules(table, request);
      return guard(() =>
        engine.proposeExperiments(
          {
            table,
            method: request.space === null ? 'optimize' : 'generate',
            models: null,
            ...request,
            ...named,
          },
          { solver, clock, progress: report, fitProgress: (share) => report('fitting', share) },
        ),
      );
    },
    async plan(request) {
      const solver = await engine.loadHighs();
      const table = content === null ? null : guard(() => tableFor(request.anchorTargets));
      const named = await nameMolecules(table, request);
      return guard(() =>
        engine.planExperiments({ table, ...request, ...named }, { solver, progress: () => {} }),
      );
    },
    backtest: (request, report) =>
      guard(() => engine.backtest({ table: tableFor([request.target]), ...request }, report)),
    toCsv: (payload) => engine.candidatesToCsv(payload),
  };
}
