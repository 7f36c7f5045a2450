import type { FixedTerm, Kernel } from '../../kernels/kernel.ts';
import { kernelParameterCount } from '../../kernels/kernel.ts';
import type { RowSources } from '../../kernels/rowSources.ts';
import { stationaryForms } from '../../kernels/stationaryForm.ts';
import { columnOf } from '../../linalg/matrix.ts';
import { checkFingerprints, checkSmiles } from '../../table/molecules/checkMoleculeSet.ts';
import type { PlainData } from '../../plainData.ts';
import { PlainDataReader } from '../../plainDataReader.ts';
import { checkInputEncoder } from '../../transforms/checkInputEncoder.ts';
import { describeColumns } from '../../transforms/inputEncoder.ts';
import { checkTargetWarp } from '../../transforms/targetWarp.ts';
import type { FittedCompanion, FittedGaussianProcess, NoiseTrend } from './fittedGaussianProcess.ts';
import type { GaussianProcessState, ProcessMember } from './gaussianProcessState.ts';
import type { PlainMatrix } from './packedTriangle.ts';

/** More rows than this do not fit into the memory of the routines. */
const maxRows = 20_000;
const maxMembers = 100;
/** One linear term and a similarity for each molecular input. */
const maxTerms = 1000;

/**
 * Checks that data is a fitted Gaussian process: shapes agree, indices are in range, numbers finite.
 * @throws EngineError with code ARTIFACT_INVALID
 */
export function checkFittedProcess(data: PlainData): FittedGaussianProcess {
  const reader = new PlainDataReader(data);
  const encoder = checkInputEncoder(reader.field('encoder'));
  const d = describeColumns(encoder).length;
  const noiseColumn = reader.field('noiseColumn');
  const state = reader.field('state');
  const process =
    state.field('kind').oneOf(['process', 'constant']) === 'process' ? checkProcess(state, d) : null;
  const rowCount = reader.field('rowCount').number({ min: 1, integer: true });
  const targetRows = process?.sources?.targetRows ?? process?.z.length ?? 0;
  const last = targetRows === 0 ? maxRows : targetRows - 1;
  return {
    encoder,
    noiseColumn: noiseColumn.isNull() ? null : noiseColumn.text(),
    noiseTrend: checkTrend(reader.field('noiseTrend')),
    warp: checkTargetWarp(reader.field('warp')),
    rowCount,
    rowOf: reader.field('rowOf').int32(rowCount, { min: 0, max: last }),
    companions: checkCompanions(reader.field('companions'), process?.sources?.companionRows.length ?? 0),
    state: process ?? {
      kind: 'constant',
      noiseVariance: state.field('noiseVariance').number({ min: Number.MIN_VALUE }),
    },
  };
}

function checkTrend(reader: PlainDataReader): NoiseTrend | null {
  if (reader.isNull()) return null;
  const least = reader.field('least').number();
  return {
    slope: reader.field('slope').number({ min: -10, max: 10 }),
    least,
    greatest: reader.field('greatest').number({ min: least }),
  };
}

function checkCompanions(reader: PlainDataReader, count: number): FittedCompanion[] {
  const companions = reader.list(count).map((one) => ({
    key: one.field('key').text(),
    factor: one.field('factor').number(),
    ownScale: one.field('ownScale').number({ min: 0 }),
    noiseVariance: one.field('noiseVariance').number({ min: Number.MIN_VALUE }),
  }));
  if (companions.length < count) throw reader.fail(`must name ${count} targets`);
  return companions;
}

function checkProcess(reader: PlainDataReader, d: number): GaussianProcessState {
  const kernel = checkKernel(reader.field('kernel'), d);
  const similarities = kernel.fixed.filter((term) => term.kind === 'tanimoto');
  const features = checkMatrix(reader.field('features'), d + similarities.length);
  for (const { feature, smiles } of similarities)
    if (columnOf(features, feature).some((x) => !(Number.isInteger(x) && x >= -1 && x < smiles.length)))
      throw reader.field('features').fail('must number molecules that the kernel knows');
  const sources = checkSources(reader.field('sources'), features.rowCount);
  const members = reader
    .field('members')
    .list(maxMembers)
    .map((member) => checkMember(member, kernel, features.rowCount, sources));
  if (members.length === 0 || members.some(({ kind }) => kind !== members[0]!.kind))
    throw reader.fail('must have members of one kind');
  return {
    kind: 'process',
    kernel,
    logs: checkLogs(reader, kernel),
    features,
    z: reader.field('z').float64(members[0]!.kind === 'exact' ? features.rowCount : 0),
    sources,
    members,
  };
}

function checkSources(reader: PlainDataReader, m: number): RowSources | null {
  if (reader.isNull()) return null;
  const targetRows = reader.field('targetRows').number({ min: 1, max: m, integer: true });
  const companionRows = reader.field('companionRows').int32(undefined, { min: 1, max: m });
  if (companionRows.length === 0 || companionRows.reduce((sum, count) => sum + count, targetRows) !== m)
    throw reader.fail('must say of every row what it measures');
  return { targetRows, companionRows };
}

function checkMember(
  reader: PlainDataReader,
  kernel: Kernel,
  m: number,
  sources: RowSources | null,
): ProcessMember {
  const shared = {
    logs: checkLogs(reader, kernel),
    noiseVariance: reader.field('noiseVariance').number({ min: Number.MIN_VALUE }),
    mean: reader.field('mean').number(),
    alpha: reader.field('alpha').float64(m),
  };
  if (reader.field('kind').oneOf(['exact', 'inducing']) === 'exact')
    return {
      kind: 'exact',
      ...shared,
      noise: reader.field('noise').float64(m, { min: Number.MIN_VALUE }),
      ownScales: reader.field('ownScales').float64(sources?.companionRows.length ?? 0, { min: 0 }),
    };
  if (sources !== null) throw reader.fail('must keep its rows to know companions');
  const triangle = (name: string): Float64Array => reader.field(name).float64((m * (m + 1)) / 2);
  return {
    kind: 'inducing',
    ...shared,
    priorFactor: triangle('priorFactor'),
    posteriorFactor: triangle('posteriorFactor'),
  };
}

function checkLogs(reader: PlainDataReader, kernel: Kernel): Float64Array {
  return reader.field('logs').float64(kernelParameterCount(kernel), { min: -50, max: 50 });
}

function checkKernel(reader: PlainDataReader, d: number): Kernel {
  const lengthscaleCount = reader.field('lengthscaleCount').number({ min: 0, max: d, integer: true });
  return {
    form: reader.field('form').oneOf(stationaryForms),
    lengthscaleOf: reader.field('lengthscaleOf').int32(d, { min: 0, max: lengthscaleCount - 1 }),
    lengthscaleCount,
    hasOutputScale: reader.field('hasOutputScale').boolean(),
    fixed: checkTerms(reader.field('fixed'), d),
  };
}

/** The numbers of molecules stand behind the d features, in the order of their terms. */
function checkTerms(reader: PlainDataReader, d: number): FixedTerm[] {
  let next = d;
  return reader.list(maxTerms).map((term): FixedTerm => {
    if (term.field('kind').oneOf(['linear', 'tanimoto']) === 'linear')
      return { kind: 'linear', centre: term.field('centre').float64(d) };
    const feature = next++;
    const smiles = checkSmiles(term.field('smiles'));
    return {
      kind: 'tanimoto',
      key: term.field('key').text(),
      feature: term.field('feature').number({ min: feature, max: feature }),
      smiles,
      fingerprints: checkFingerprints(term.field('fingerprints'), smiles.length),
    };
  });
}

function checkMatrix(reader: PlainDataReader, columnCount: number): PlainMatrix {
  const rowCount = reader.field('rowCount').number({ min: 1, max: maxRows, integer: true });
  const stride = reader.field('stride').number({ min: rowCount, max: rowCount + 3, integer: true });
  return {
    rowCount,
    columnCount: reader.field('columnCount').number({ min: columnCount, max: columnCount, integer: true }),
    stride,
    values: reader.field('values').float64(stride * columnCount),
  };
}
