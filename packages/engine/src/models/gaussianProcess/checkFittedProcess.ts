import type { FixedTerm, Kernel } from '../../kernels/kernel.ts';
import { kernelParameterCount } from '../../kernels/kernel.ts';
import { stationaryForms } from '../../kernels/stationaryForm.ts';
import type { PlainData } from '../../plainData.ts';
import { PlainDataReader } from '../../plainDataReader.ts';
import { checkInputEncoder } from '../../transforms/checkInputEncoder.ts';
import { describeColumns } from '../../transforms/inputEncoder.ts';
import { checkTargetWarp } from '../../transforms/targetWarp.ts';
import type { FittedGaussianProcess } from './fittedGaussianProcess.ts';
import type { Conditioning } from './gaussianProcessState.ts';
import type { PlainMatrix } from './trainingFactor.ts';

/** More rows than this do not fit into the memory of the routines. */
const maxRows = 20_000;

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
  const kernel = checkKernel(state.field('kernel'), d);
  const logs = state.field('logs').float64(undefined, { min: -50, max: 50 });
  if (logs.length < kernelParameterCount(kernel)) throw state.fail('must have all hyperparameters');
  const conditioning = checkConditioning(state.field('conditioning'), d);
  const last = conditioning.kind === 'exact' ? conditioning.z.length - 1 : 2 ** 31 - 1;
  return {
    encoder,
    noiseColumn: noiseColumn.isNull() ? null : noiseColumn.text(),
    warp: checkTargetWarp(reader.field('warp')),
    rowOf: reader.field('rowOf').int32(undefined, { min: 0, max: last }),
    state: {
      kernel,
      logs,
      noiseVariance: state.field('noiseVariance').number({ min: Number.MIN_VALUE }),
      conditioning,
    },
  };
}

function checkKernel(reader: PlainDataReader, d: number): Kernel {
  const lengthscaleCount = reader.field('lengthscaleCount').number({ min: 0, max: d, integer: true });
  return {
    form: reader.field('form').oneOf(stationaryForms),
    lengthscaleOf: reader.field('lengthscaleOf').int32(d, { min: 0, max: lengthscaleCount - 1 }),
    lengthscaleCount,
    hasOutputScale: reader.field('hasOutputScale').boolean(),
    fixed: reader
      .field('fixed')
      .list(1)
      .map((term): FixedTerm => ({
        kind: term.field('kind').oneOf(['linear']),
        centre: term.field('centre').float64(d),
      })),
  };
}

function checkConditioning(reader: PlainDataReader, d: number): Conditioning {
  const kind = reader.field('kind').oneOf(['exact', 'inducing', 'none']);
  const mean = reader.field('mean').number();
  if (kind === 'none') return { kind, mean, meanVariance: reader.field('meanVariance').number({ min: 0 }) };
  const features = checkMatrix(reader.field('features'), d);
  const m = features.rowCount;
  const alpha = reader.field('alpha').float64(m);
  if (kind === 'exact') {
    const noise = reader.field('noise').float64(m, { min: Number.MIN_VALUE });
    return { kind, features, z: reader.field('z').float64(m), noise, mean, alpha };
  }
  const triangle = (name: string): Float64Array => reader.field(name).float64((m * (m + 1)) / 2);
  return {
    kind,
    features,
    priorFactor: triangle('priorFactor'),
    posteriorFactor: triangle('posteriorFactor'),
    mean,
    whitened: reader.field('whitened').float64(m),
    alpha,
  };
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
