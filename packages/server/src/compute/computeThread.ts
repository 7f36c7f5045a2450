import { Worker } from 'node:worker_threads';
import type { MoleculeDescriptions } from '@athanor/engine';
import {
  type AggregationLevel,
  type CandidateFormat,
  type CellValue,
  type DatasetProfile,
  type DesignPayload,
  type ErrorCode,
  type InputRow,
  type Preflight,
  ProblemError,
  type ProblemItem,
  type SessionSpace,
  type SpaceCheck,
  type SpaceCheckRequest,
  type Variable,
} from '@athanor/schema';
import type { Drawing, DrawMessage } from '../molecules/describeMessage.ts';
import type { AppendedRows } from './appendRows.ts';
import type { BuildOrder, BuildWish } from './buildOrder.ts';
import type { CandidateFile } from './files/candidateFile.ts';
import type { OutcomeOfTable } from './judgeOutcome.ts';
import type { DesignRunFinding, DesignRunWish } from './matrix/checkDesignRun.ts';
import type { ScopedTarget } from './matrix/locateTargets.ts';
import type { TextsByColumn } from './moleculeNames.ts';
import type { SessionColumns } from './sessionSpace.ts';
import type { TableSource } from './tableSource.ts';

export interface ComputeOptions {
  /** Module that answers the questions. */
  readonly entry: URL;
  /** Folder of the blobs; the thread only reads. */
  readonly blobFolder: string;
  readonly memoryMb: number;
  readonly maxSeconds: number;
  readonly idleMs: number;
  /** Tables and models kept ready, bytes of their files. */
  readonly cacheBytes: number;
}

/** A model that may answer a prediction, or why it cannot. */
export type PredictableModel = { readonly id: string; readonly name: string; readonly isDefault: boolean } & (
  | { readonly hash: string }
  | { readonly refusal: readonly ProblemItem[] }
);

/** What the thread can be asked, and what it answers. */
export interface ComputeQuestions {
  describeTable: {
    question: { source: TableSource };
    answer: { rowCount: number; variables: Variable[] };
  };
  profileTable: { question: { source: TableSource }; answer: DatasetProfile };
  listRows: {
    question: { source: TableSource; offset: number; limit: number };
    answer: { columns: string[]; rows: CellValue[][]; offset: number; total: number };
  };
  describeMolecules: {
    question: { source: TableSource; also: TextsByColumn };
    answer: MoleculeDescriptions;
  };
  describeMatrix: {
    question: { hash: string; targets: readonly ScopedTarget[]; also: TextsByColumn };
    answer: MoleculeDescriptions;
  };
  orderBuild: { question: { source: TableSource; wish: BuildWish }; answer: BuildOrder };
  preflight: {
    question: { source: TableSource; wish: BuildWish; processors: number };
    answer: Preflight;
  };
  aggregateMatrix: {
    question: {
      hash: string;
      level: AggregationLevel;
      ids: readonly string[];
      variables: readonly string[];
    };
    answer: Uint8Array<ArrayBuffer>;
  };
  checkDesignRun: { question: { hash: string; wish: DesignRunWish }; answer: DesignRunFinding };
  predict: {
    question: { models: readonly PredictableModel[]; body: Uint8Array; mayNameModel: boolean };
    answer: Uint8Array<ArrayBuffer>;
  };
  appendRows: { question: { source: TableSource; rows: readonly InputRow[] }; answer: AppendedRows };
  inferSpace: { question: { source: TableSource; columns: SessionColumns }; answer: SessionSpace };
  checkSpace: {
    question: { source: TableSource; columns: SessionColumns; space: SpaceCheckRequest['space'] };
    answer: SpaceCheck;
  };
  writeCandidates: { question: { payload: DesignPayload; format: CandidateFormat }; answer: CandidateFile };
  judgeOutcome: {
    question: {
      source: TableSource;
      payload: DesignPayload;
      firstRow: number;
      marks: readonly (readonly [number, number | null])[];
    };
    answer: OutcomeOfTable;
  };
  drawMolecule: { question: DrawMessage; answer: Drawing };
  exportOnnx: { question: { hash: string }; answer: Uint8Array<ArrayBuffer> };
}

export interface QuestionMessage {
  readonly id: number;
  readonly kind: keyof ComputeQuestions;
  readonly question: unknown;
}

export type AnswerMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly refusal: readonly ProblemItem[] }
  | { readonly id: number; readonly failure: string };

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread for what a person waits for and what would stop the event loop: reading tables, checking builds,
 * predicting. Started with the first question and stopped when idle; one that runs out of time or memory is
 * replaced, and the server goes on.
 */
export class ComputeThread {
  readonly #options: ComputeOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;
  #watchdog: NodeJS.Timeout | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor(options: ComputeOptions) {
    this.#options = options;
  }

  /** Size and columns of a table. @throws ProblemError of reading it. */
  describeTable(source: TableSource): Promise<ComputeQuestions['describeTable']['answer']> {
    return this.#ask('describeTable', { source });
  }

  profileTable(source: TableSource): Promise<DatasetProfile> {
    return this.#ask('profileTable', { source });
  }

  listRows(
    source: TableSource,
    offset: number,
    limit: number,
  ): Promise<ComputeQuestions['listRows']['answer']> {
    return this.#ask('listRows', { source, offset, limit });
  }

  /**
   * What is known of the molecules in a table.
   *
   * @param also texts that users write elsewhere; those that stand for molecular columns are read as well
   * @throws ProblemError of reading the table.
   */
  describeMolecules(source: TableSource, also: TextsByColumn = {}): Promise<MoleculeDescriptions> {
    return this.#ask('describeMolecules', { source, also });
  }

  /** The same of the experiments of a smart dataset. */
  describeMatrix(
    hash: string,
    targets: readonly ScopedTarget[],
    also: TextsByColumn,
  ): Promise<MoleculeDescriptions> {
    return this.#ask('describeMatrix', { hash, targets, also });
  }

  /** Says in full what a wish is for this table. @throws ProblemError of planning. */
  orderBuild(source: TableSource, wish: BuildWish): Promise<BuildOrder> {
    return this.#ask('orderBuild', { source, wish });
  }

  /** What a build would use, do and cost. @throws ProblemError of planning. */
  preflight(source: TableSource, wish: BuildWish, processors: number): Promise<Preflight> {
    return this.#ask('preflight', { source, wish, processors });
  }

  /**
   * @param body JSON bytes of a PredictRequest
   * @param mayNameModel Whether `model` may be in it
   * @returns JSON bytes of a PredictReply
   */
  predict(
    models: readonly PredictableModel[],
    body: Uint8Array,
    mayNameModel: boolean,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask('predict', { models, body, mayNameModel });
  }

  /** A table with more rows, as a file. @throws ProblemError COLUMN_UNKNOWN, CELL_INVALID, VARIABLE_CONFLICT */
  appendRows(source: TableSource, rows: readonly InputRow[]): Promise<AppendedRows> {
    return this.#ask('appendRows', { source, rows });
  }

  /** The search space that the data of a session span. */
  inferSpace(source: TableSource, columns: SessionColumns): Promise<SessionSpace> {
    return this.#ask('inferSpace', { source, columns });
  }

  /** What a search space means, and whether anything is in it. @throws ProblemError SPACE_INVALID, SPACE_UNDECIDED */
  checkSpace(
    source: TableSource,
    columns: SessionColumns,
    space: SpaceCheckRequest['space'],
  ): Promise<SpaceCheck> {
    return this.#ask('checkSpace', { source, columns, space });
  }

  /** Candidates as a file. */
  writeCandidates(payload: DesignPayload, format: CandidateFormat): Promise<CandidateFile> {
    return this.#ask('writeCandidates', { payload, format });
  }

  /** How candidates did; see judgeOutcome. */
  judgeOutcome(
    source: TableSource,
    payload: DesignPayload,
    firstRow: number,
    marks: readonly (readonly [row: number, rank: number | null])[],
  ): Promise<OutcomeOfTable> {
    return this.#ask('judgeOutcome', { source, payload, firstRow, marks });
  }

  /** A molecule as SVG, or why it cannot be drawn. */
  drawMolecule(question: DrawMessage): Promise<Drawing> {
    return this.#ask('drawMolecule', question);
  }

  /** The model of an artifact as an ONNX file. @throws ProblemError MODEL_NOT_EXPORTABLE */
  exportOnnx(hash: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask('exportOnnx', { hash });
  }

  /** @returns JSON bytes of SmartDatasetData */
  aggregateMatrix(
    hash: string,
    level: AggregationLevel,
    ids: readonly string[],
    variables: readonly string[],
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask('aggregateMatrix', { hash, level, ids, variables });
  }

  checkDesignRun(hash: string, wish: DesignRunWish): Promise<DesignRunFinding> {
    return this.#ask('checkDesignRun', { hash, wish });
  }

  async close(): Promise<void> {
    await this.#end(unavailable('The server is stopping.'));
  }

  #ask<Kind extends keyof ComputeQuestions>(
    kind: Kind,
    question: ComputeQuestions[Kind]['question'],
  ): Promise<ComputeQuestions[Kind]['answer']> {
    const worker = (this.#worker ??= this.#start());
    if (this.#idle !== null) clearTimeout(this.#idle);
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      const message: QuestionMessage = { id, kind, question };
      worker.postMessage(message);
      this.#watch();
    });
  }

  /** The thread answers in order, so a silence this long while questions wait means it is stuck. */
  #watch(): void {
    this.#watchdog ??= setTimeout(() => {
      const { maxSeconds } = this.#options;
      void this.#end(unavailable(`The answer took longer than ${maxSeconds} seconds.`));
    }, this.#options.maxSeconds * 1000);
  }

  #start(): Worker {
    const { entry, blobFolder, cacheBytes, memoryMb } = this.#options;
    const worker = new Worker(entry, {
      workerData: { blobFolder, cacheBytes },
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      env: {},
    });
    worker.on('message', (message: AnswerMessage) => this.#hear(message));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (worker !== this.#worker) return;
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      void this.#end(isMemory ? unavailable('The answer needs more memory than is allowed.') : error);
    });
    return worker;
  }

  #hear(message: AnswerMessage): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    this.#watchdog = null;
    if (this.#waiting.size > 0) this.#watch();
    else this.#rest();

    if ('answer' in message) waiting.resolve(message.answer);
    else if ('refusal' in message) waiting.reject(new ProblemError(message.refusal));
    else waiting.reject(new Error(message.failure));
  }

  #rest(): void {
    const { idleMs } = this.#options;
    this.#idle = setTimeout(() => void this.#end(unavailable('idle')), idleMs);
    this.#idle.unref();
  }

  async #end(error: Error): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    for (const timer of [this.#watchdog, this.#idle]) if (timer !== null) clearTimeout(timer);
    this.#watchdog = null;
    this.#idle = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
    await worker?.terminate();
  }
}

function unavailable(message: string): ProblemError {
  const code: ErrorCode = 'COMPUTE_UNAVAILABLE';
  return ProblemError.of(code, message);
}
