/** The compute thread: answers one question after the other. Started by ComputeThread. */
import { parentPort, workerData } from 'node:worker_threads';
import {
  EngineError,
  exportOnnx,
  listCells,
  describeMolecules,
  loadSessionModel,
  type MoleculeDescriptions,
  preflightBuild,
  moleculeTexts,
  profileTable,
  type SessionModel,
  type Table,
} from '@athanor/engine';
import { problemItem, ProblemError } from '@athanor/schema';
import { BlobDamagedError } from '../store/blobs/blobStore.ts';
import { FileBlobStore } from '../store/blobs/fileBlobStore.ts';
import { MoleculeReader } from '../molecules/moleculeReader.ts';
import { appendRows } from './appendRows.ts';
import { answerPrediction } from './answerPrediction.ts';
import { ByteCache } from './byteCache.ts';
import type { BuildWish } from './buildOrder.ts';
import type { AnswerMessage, ComputeQuestions, QuestionMessage } from './computeThread.ts';
import { candidateFile } from './files/candidateFile.ts';
import { judgeOutcome } from './judgeOutcome.ts';
import { aggregateMatrix } from './matrix/aggregateMatrix.ts';
import { checkDesignRun } from './matrix/checkDesignRun.ts';
import { checkSpace } from './matrix/checkSpace.ts';
import { decodeMatrix, type ExperimentMatrix } from './matrix/experimentMatrix.ts';
import { matrixToTable } from './matrix/matrixToTable.ts';
import { moleculeNames, type TextsByColumn, textsOf } from './moleculeNames.ts';
import { nameTargets } from './nameTargets.ts';
import { orderBuild } from './orderBuild.ts';
import { renameRow, renameSpace } from './renameSpace.ts';
import { checkSessionSpace, inferSessionSpace } from './sessionSpace.ts';
import { readTypedTable } from './readTypedTable.ts';
import type { TableSource } from './tableSource.ts';

const { blobFolder, cacheBytes } = workerData as { blobFolder: string; cacheBytes: number };
const blobs = new FileBlobStore(blobFolder, '');
const tables = new ByteCache<Table>(cacheBytes);
const models = new ByteCache<SessionModel>(cacheBytes);
const matrices = new ByteCache<ExperimentMatrix>(cacheBytes);
const reader = new MoleculeReader();

/** A cell as a number or a code takes this much, whatever it took in the file. */
const bytesPerCell = 8;

/** What a job process takes before it has much to do: measured 104 MB after a ridge fit of 30 rows. */
const processBytes = 104e6;

async function tableOf(source: TableSource): Promise<Table> {
  const key = JSON.stringify(source);
  const known = tables.get(key);
  if (known !== undefined) return known;
  const table = await readTypedTable(blobs, source);
  tables.set(key, table, table.rowCount * table.columns.length * bytesPerCell);
  return table;
}

/** A table with its molecules described, and what is known of them and of other texts in their columns. */
async function describe(
  table: Table,
  also: TextsByColumn = {},
): Promise<{ table: Table; molecules: MoleculeDescriptions }> {
  const keys = table.variables.flatMap(({ key, dataType, role }) =>
    dataType === 'molecular' && role === 'input' ? [key] : [],
  );
  const texts = [...moleculeTexts(table), ...keys.flatMap((key) => also[key] ?? [])];
  const molecules = await reader.describe(texts);
  return { table: texts.length === 0 ? table : describeMolecules(table, molecules), molecules };
}

async function sourceOf(source: TableSource, { targets }: BuildWish): Promise<TableSource> {
  if (targets === null) return source;
  const named = nameTargets((await tableOf(source)).variables, targets);
  return named.length === 0 ? source : { ...source, overrides: [...source.overrides, ...named] };
}

async function modelOf(hash: string): Promise<SessionModel> {
  const known = models.get(hash);
  if (known !== undefined) return known;
  const bytes = await blobs.read(hash);
  const model = loadSessionModel(bytes);
  models.set(hash, model, bytes.length);
  return model;
}

async function matrixOf(hash: string): Promise<ExperimentMatrix> {
  const known = matrices.get(hash);
  if (known !== undefined) return known;
  const bytes = await blobs.read(hash);
  const matrix = decodeMatrix(bytes);
  matrices.set(hash, matrix, bytes.length);
  return matrix;
}

type Answers = {
  [Kind in keyof ComputeQuestions]: (
    question: ComputeQuestions[Kind]['question'],
  ) => Promise<ComputeQuestions[Kind]['answer']>;
};

const answers: Answers = {
  async describeTable({ source }) {
    const { rowCount, variables } = await tableOf(source);
    return { rowCount, variables: [...variables] };
  },
  profileTable: async ({ source }) => profileTable(await tableOf(source)),
  async listRows({ source, offset, limit }) {
    const table = await tableOf(source);
    return {
      columns: table.columns.map((column) => column.key),
      rows: listCells(table, offset, limit),
      offset,
      total: table.rowCount,
    };
  },
  aggregateMatrix: async ({ hash, level, ids, variables }) =>
    new TextEncoder().encode(JSON.stringify(aggregateMatrix(await matrixOf(hash), level, ids, variables))),
  async checkDesignRun({ hash, wish }) {
    const matrix = await matrixOf(hash);
    const finding = checkDesignRun(matrix, wish);
    if (wish.space === null) return finding;
    return { ...finding, violations: [...finding.violations, ...(await checkSpace(matrix, wish.space))] };
  },
  describeMolecules: async ({ source, also }) => (await describe(await tableOf(source), also)).molecules,
  describeMatrix: async ({ hash, targets, also }) =>
    (await describe(matrixToTable(await matrixOf(hash), targets), also)).molecules,
  async orderBuild({ source, wish }) {
    const asked = await sourceOf(source, wish);
    return orderBuild(await tableOf(asked), asked, wish);
  },
  async preflight({ source: read, wish, processors }) {
    const source = await sourceOf(read, wish);
    const table = await tableOf(source);
    return preflightBuild({ table, ...orderBuild(table, source, wish) }, { processors, processBytes });
  },
  predict: ({ models: candidates, body, mayNameModel }) =>
    answerPrediction(candidates, body, mayNameModel, modelOf, (texts) => reader.describe(texts)),
  appendRows: async ({ source, rows }) =>
    appendRows(await blobs.read(source.hash), source, rows, (texts) => reader.describe(texts)),
  inferSpace: async ({ source, columns }) =>
    inferSessionSpace((await describe(await tableOf(source))).table, columns),
  async checkSpace({ source, columns, space }) {
    const { table, molecules } = await describe(await tableOf(source), textsOf(space, []));
    return checkSessionSpace(table, columns, renameSpace(space, moleculeNames(table, molecules)));
  },
  writeCandidates: async ({ payload, format }) => candidateFile(payload, format),
  async judgeOutcome({ source, payload, firstRow, marks }) {
    const rows = payload.candidates.map(({ inputs }) => inputs);
    const { table, molecules } = await describe(await tableOf(source), textsOf(null, rows));
    const rename = moleculeNames(table, molecules);
    const candidates = payload.candidates.map((one) => ({ ...one, inputs: renameRow(one.inputs, rename) }));
    return judgeOutcome(table, { ...payload, candidates }, firstRow, new Map(marks));
  },
  drawMolecule: (question) => reader.draw(question),
  exportOnnx: async ({ hash }) => exportOnnx(await modelOf(hash)),
};

async function answer({ id, kind, question }: QuestionMessage): Promise<AnswerMessage> {
  try {
    return { id, answer: await answers[kind](question as never) };
  } catch (error) {
    if (error instanceof ProblemError) return { id, refusal: error.items };
    if (error instanceof EngineError) {
      return { id, refusal: [problemItem(error.code, error.message, error.location, error.fix)] };
    }
    if (error instanceof BlobDamagedError) {
      return {
        id,
        refusal: [problemItem('FILE_CORRUPTED', 'The stored bytes are missing or have changed.')],
      };
    }
    return { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

// One at a time, in order: the watchdog of the other side counts on it.
let last = Promise.resolve();
parentPort!.on('message', (message: QuestionMessage) => {
  last = answerAfter(last, message);
});

async function answerAfter(previous: Promise<void>, message: QuestionMessage): Promise<void> {
  await previous;
  const reply = await answer(message);
  const isBytes = 'answer' in reply && reply.answer instanceof Uint8Array;
  parentPort!.postMessage(reply, isBytes ? [(reply.answer as Uint8Array<ArrayBuffer>).buffer] : []);
}
