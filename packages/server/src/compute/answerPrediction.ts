import {
  type MoleculeDescriptions,
  moleculeTextsOfRows,
  predictRows,
  type SessionModel,
} from '@athanor/engine';
import { maxPredictionRows, PredictReply, PredictRequest, ProblemError } from '@athanor/schema';
import { parseJson } from '../validation/parseJson.ts';
import { serializerOf } from '../validation/serializerOf.ts';
import { validate } from '../validation/validate.ts';
import type { PredictableModel } from './computeThread.ts';
import { relocate } from './relocate.ts';

const bodyFields = { rows: 'body/rows', targets: 'body/targets', level: 'body/level' };
/** Checking an answer by its schema once more took a tenth of a millisecond for ten rows. */
const serialize = serializerOf(PredictReply);
const WithoutModel = PredictRequest.omit({ model: true });

/**
 * Reads a request for predictions and answers it, bytes to bytes, so that large ones never stop the event loop.
 *
 * @param describe reads the SMILES of molecules
 * @throws ProblemError of the body or of the model that is asked, EngineError of its rows.
 */
export async function answerPrediction(
  candidates: readonly PredictableModel[],
  body: Uint8Array,
  mayNameModel: boolean,
  load: (hash: string) => Promise<SessionModel>,
  describe: (texts: readonly string[]) => Promise<MoleculeDescriptions>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (body.length === 0) throw ProblemError.of('BODY_MALFORMED', 'The body is empty.', { field: 'body' });
  const parsed = parseJson(body);
  refuseTooManyRows(parsed);
  const request: PredictRequest = validate(mayNameModel ? PredictRequest : WithoutModel, parsed, 'body');
  const model = choose(candidates, request.model);
  if ('refusal' in model) throw new ProblemError(model.refusal);
  const loaded = await load(model.hash);
  const texts = moleculeTextsOfRows(loaded, request.rows);
  const molecules = texts.length === 0 ? {} : { molecules: await describe(texts) };
  const { targets, warnings } = relocate(bodyFields, () =>
    predictRows(loaded, request.rows, {
      ...molecules,
      ...(request.targets === undefined ? {} : { targets: request.targets }),
      ...(request.level === undefined ? {} : { level: request.level }),
    }),
  );
  requireFinite(targets);
  return new TextEncoder().encode(
    serialize({ model: { id: model.id, name: model.name }, targets, warnings }),
  );
}

/** JSON has no word for what is no number; a mistake of a model must not become a missing value on its way. */
function requireFinite(targets: PredictReply['targets']): void {
  for (const { target, predictions } of targets) {
    for (const { mean, standardDeviation, modelStandardDeviation, interval } of predictions) {
      const sum = mean + standardDeviation + modelStandardDeviation + interval.lower + interval.upper;
      if (!Number.isFinite(sum)) throw new RangeError(`a prediction of ${target} is not finite`);
    }
  }
}

function refuseTooManyRows(parsed: unknown): void {
  const rows: unknown = (parsed as { rows?: unknown } | null)?.rows;
  if (!Array.isArray(rows) || rows.length <= maxPredictionRows) return;
  throw ProblemError.of(
    'TABLE_TOO_LARGE',
    `At most ${maxPredictionRows} rows can be predicted at once; these are ${rows.length}.`,
    { field: 'body/rows' },
  );
}

/** The model named by id or name; else the default; else the only one there is. */
function choose(candidates: readonly PredictableModel[], name: string | undefined): PredictableModel {
  if (name !== undefined) {
    const named =
      candidates.find((model) => model.id === name.toUpperCase()) ??
      candidates.find((model) => model.name === name);
    if (named !== undefined) return named;
    const names = candidates.slice(0, 20).map((model) => model.name);
    throw ProblemError.of(
      'RECORD_NOT_FOUND',
      `The session has no such model; it has ${names.join(', ') || 'none'}.`,
      {
        field: 'body/model',
        value: name,
      },
    );
  }
  const chosen =
    candidates.find((model) => model.isDefault) ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (chosen !== undefined) return chosen;
  throw ProblemError.of(
    'MODEL_NOT_READY',
    candidates.length === 0
      ? 'The session has no models yet.'
      : 'The session has no default model; name one in model.',
    { field: 'body/model' },
  );
}
