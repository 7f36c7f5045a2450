import type { DataType, VariableType } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { checkMoleculeSet } from '../table/molecules/checkMoleculeSet.ts';
import type { MoleculeSet } from '../table/molecules/moleculeSet.ts';
import { findPredictor, predictorKinds, type PredictorKind } from '../models/predictors.ts';
import { checkApplicability, measureNearness, type Applicability } from '../selection/applicability.ts';
import type { PlainData } from '../plainData.ts';
import { PlainDataReader } from '../plainDataReader.ts';
import { momentsOf } from '../posteriors/operations.ts';
import { maxSizes, type Calibration } from '../selection/calibration.ts';
import { decodePlainData } from './decodePlainData.ts';
import { encodePlainData } from './encodePlainData.ts';
import { rowsToInputs } from './rowsToInputs.ts';
import { schemaLists } from './schemaLists.ts';

/** An input of a model, as a prediction must give it. */
export type ModelInput = {
  readonly key: string;
  readonly type: VariableType;
  readonly dataType: DataType;
  readonly unit: string | null;
  /** Smallest and largest value the model has seen; null for categories and empty columns. */
  readonly range: { readonly min: number; readonly max: number } | null;
  /** Bounds the user declared. */
  readonly bounds: { readonly lower: number; readonly upper: number } | null;
  /** Levels the model has seen, sorted; molecules by their canonical SMILES; null for numbers. */
  readonly levels: readonly string[] | null;
  /** What is known of these levels when they are molecules, in the same order; else null. */
  readonly molecules: MoleculeSet | null;
  /** False for an input that never varied: a prediction may leave it out. */
  readonly isNeeded: boolean;
};

/** What a model knows of one target. */
export type ModelTarget = {
  readonly key: string;
  readonly unit: string | null;
  readonly fitted: PlainData;
  readonly calibration: Calibration;
  /** Largest calibrated standard deviation of a measurement among the training rows. */
  readonly widestSd: number;
  readonly applicability: Applicability;
};

/** A model record's artifact: everything needed to predict its targets, and where it comes from. */
export type SessionModel = {
  readonly kind: PredictorKind;
  readonly name: string;
  readonly inputs: readonly ModelInput[];
  /** Other columns of the table it was built from: a prediction may bring them along, they change nothing. */
  readonly otherColumns: readonly string[];
  /** What amounts add up to, 100 or 1; null when they do not. */
  readonly closure: number | null;
  readonly targets: readonly ModelTarget[];
  /** Where the model comes from, e.g. seed, data hash, version: shown, never interpreted. */
  readonly provenance: { readonly [name: string]: string };
};

/** Tells a model's artifact from other plain data. */
const content = 'session model';
/** Raised when an older Athanor could not read what this one writes, or this one what an older one wrote. */
const contentVersion = 2;
/** Before: no companions, trends of the noise, ordered levels or square roots. */
const oldestVersion = 2;

/** The artifact's bytes; equal models give equal bytes. */
export function encodeSessionModel(model: SessionModel): Uint8Array {
  return encodePlainData({ content, contentVersion, model });
}

/**
 * Reads an artifact. Every number is checked before it is used, and the model must be able to predict: a file that
 * passes cannot make a later prediction fail.
 *
 * @throws EngineError with code ARTIFACT_INVALID
 */
export function loadSessionModel(bytes: Uint8Array): SessionModel {
  const file = new PlainDataReader(decodePlainData(bytes), 'file');
  file.field('content').oneOf([content]);
  const version = file.field('contentVersion').number({ min: 1, integer: true });
  if (version > contentVersion)
    throw new EngineError(
      'ARTIFACT_INVALID',
      `the model has version ${version}, this Athanor reads up to ${contentVersion}`,
      {},
      'Update Athanor, or build the model again with this version.',
    );
  if (version < oldestVersion)
    throw new EngineError(
      'ARTIFACT_INVALID',
      `the model was stored in version ${version} of its form, this Athanor reads from ${oldestVersion} on`,
      {},
      'Repeat the build of its session, which fits the same models to the same data again.',
    );
  const reader = file.field('model');
  const kind = reader.field('kind').oneOf(predictorKinds);
  const closure = reader.field('closure');
  const model: SessionModel = {
    kind,
    name: reader.field('name').text(),
    inputs: readInputs(reader.field('inputs')),
    otherColumns: reader
      .field('otherColumns')
      .list()
      .map((one) => one.text()),
    closure: closure.isNull() ? null : closure.number({ min: 1, max: 100 }),
    targets: readTargets(reader.field('targets'), kind),
    provenance: reader.field('provenance').texts(),
  };
  tryToPredict(model, reader);
  return model;
}

function readInputs(reader: PlainDataReader): ModelInput[] {
  const inputs = reader.list().map((one): ModelInput => {
    const dataType = one.field('dataType').oneOf(schemaLists.dataTypes);
    const range = one.field('range');
    const bounds = one.field('bounds');
    const levels = one.field('levels');
    if (levels.isNull() !== (dataType === 'numeric')) throw levels.fail('must be there for categories only');
    const texts = levels.isNull() ? null : levels.list().map((level) => level.text());
    if (texts !== null && new Set(texts).size < texts.length) throw levels.fail('must be distinct');
    return {
      key: one.field('key').text(),
      type: one.field('type').oneOf(schemaLists.variableTypes),
      dataType,
      unit: one.field('unit').textOrNull(),
      range: range.isNull() ? null : readEnds(range, 'min', 'max'),
      bounds: bounds.isNull() ? null : readEnds(bounds, 'lower', 'upper'),
      levels: texts,
      molecules: readMolecules(one.field('molecules'), texts),
      isNeeded: one.field('isNeeded').boolean(),
    };
  });
  if (new Set(inputs.map(({ key }) => key)).size < inputs.length)
    throw reader.fail('must have distinct keys');
  return inputs;
}

function readMolecules(reader: PlainDataReader, levels: readonly string[] | null): MoleculeSet | null {
  if (reader.isNull()) return null;
  const molecules = checkMoleculeSet(reader);
  const { smiles } = molecules;
  if (levels?.length !== smiles.length || smiles.some((text, m) => text !== levels[m]))
    throw reader.fail('must be the levels');
  return molecules;
}

function readEnds<A extends string, B extends string>(
  reader: PlainDataReader,
  low: A,
  high: B,
): Record<A | B, number> {
  const min = reader.field(low).number();
  const ends = { [low]: min, [high]: reader.field(high).number({ min }) };
  return ends as Record<A | B, number>;
}

function readTargets(reader: PlainDataReader, kind: PredictorKind): ModelTarget[] {
  const targets = reader.list().map((one): ModelTarget => ({
    key: one.field('key').text(),
    unit: one.field('unit').textOrNull(),
    fitted: findPredictor(kind).check(one.field('fitted').value()),
    calibration: readCalibration(one.field('calibration')),
    widestSd: one.field('widestSd').number({ min: Number.MIN_VALUE }),
    applicability: checkApplicability(one.field('applicability')),
  }));
  if (targets.length === 0) throw reader.fail('must name a target');
  if (new Set(targets.map(({ key }) => key)).size < targets.length)
    throw reader.fail('must have distinct keys');
  return targets;
}

function readCalibration(reader: PlainDataReader): Calibration {
  const rowCount = reader.field('rowCount').number({ min: 1, integer: true });
  const sizes = reader.field('sizes').float64(Math.min(rowCount, maxSizes), { min: 0 });
  if (sizes.some((size, i) => i > 0 && size < sizes[i - 1]!)) throw reader.fail('must have ascending sizes');
  return { scale: reader.field('scale').number({ min: 1e-9, max: 1e9 }), rowCount, sizes };
}

/** A row without any cell must have a prediction: its inputs and those of the fitted models then fit together. */
function tryToPredict(model: SessionModel, reader: PlainDataReader): void {
  const { kind, inputs, targets } = model;
  const row = Object.fromEntries(inputs.map(({ key }) => [key, null]));
  const empty = rowsToInputs(model, [row], null);
  for (const { fitted, applicability } of targets) {
    let isFinite = false;
    try {
      measureNearness(applicability, empty);
      const moments = momentsOf(findPredictor(kind).predict(fitted, empty));
      isFinite = Object.values(moments).every((cells: Float64Array) => cells.every(Number.isFinite));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
    if (!isFinite) throw reader.fail('cannot predict from the inputs that it lists');
  }
}
