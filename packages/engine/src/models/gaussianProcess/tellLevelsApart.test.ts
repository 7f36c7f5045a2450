import { describe, expect, it } from 'vitest';
import { tableOf } from '../../conformance/tableOf.ts';
import { routines } from '../../linalg/routines.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { sessionInputs } from '../../session/sessionInputs.ts';
import { gaussianProcessModel } from '../gaussianProcess.ts';
import { takeInputRows, type Inputs } from '../inputs.ts';
import { encodeForProcess } from './encodeForProcess.ts';
import type { GaussianProcessState } from './gaussianProcessState.ts';
import { jointPosterior, type JointPosterior } from './jointPosterior.ts';
import { tellLevelsApart } from './tellLevelsApart.ts';

const levels = ['a', 'b', 'c', 'd', 'e', 'f'];

/** 18 rows that have the first of six levels, and six more, one a level. */
function problemOf(seenCount: number): {
  readonly all: Inputs;
  readonly seen: Int32Array;
  readonly y: Float64Array;
} {
  const n = 18;
  const rows = Array.from({ length: n + levels.length }, (_, i) => i);
  const { inputs } = sessionInputs(
    tableOf({
      level: { cells: rows.map((i) => levels[i < n ? i % seenCount : i - n]!) },
      hours: { cells: rows.map((i) => ((i * 7) % 11) / 2) },
    }),
    ['level', 'hours'],
  );
  const seen = Int32Array.from({ length: n }, (_, i) => i);
  const generator = createGenerator(3);
  const y = Float64Array.from(seen, (i) => 3 * (i % seenCount) + Math.sin(i) + 0.3 * generator.normal());
  return { all: inputs, seen, y };
}

/** The joint posterior at the six last rows, with and without levels told apart. */
function jointOf({ all, seen, y }: ReturnType<typeof problemOf>, isClosed: boolean) {
  const inputs = { ...all, columns: all.columns.map((one) => ({ ...one, isClosed })) };
  const { fitted } = gaussianProcessModel.fit(
    { inputs: takeInputRows(inputs, seen), y, groups: seen },
    gaussianProcessModel.defaultSpec,
    createGenerator(1),
  );
  const last = takeInputRows(
    inputs,
    Int32Array.from(levels, (_, i) => seen.length + i),
  );
  const { X, state } = encodeForProcess(fitted, last);
  const process = state as GaussianProcessState;
  const apart = tellLevelsApart(fitted.encoder, last, X, process);
  return {
    together: jointPosterior(routines(), process, X),
    apart: jointPosterior(routines(), apart.state, apart.X),
  };
}

describe('levels that a process has never seen', () => {
  it.each([1, 2, 3, 4])('are told apart as if all had been known when it learnt from %i', (seenCount) => {
    const problem = problemOf(seenCount);
    const { apart } = jointOf(problem, false);
    // There every level has its column from the start.
    const { together: known } = jointOf(problem, true);
    known.mean.forEach((value, i) => expect(apart.mean[i]).toBeCloseTo(value, 9));
    known.covariance.forEach((value, i) => expect(apart.covariance[i]).toBeCloseTo(value, 9));
  });

  it('stay where they were when they are asked about alone', () => {
    const { together, apart } = jointOf(problemOf(4), false);
    const q = levels.length;
    for (let i = 0; i < q; i++) {
      expect(apart.mean[i]).toBeCloseTo(together.mean[i]!, 12);
      expect(apart.covariance[i * q + i]).toBeCloseTo(together.covariance[i * q + i]!, 12);
    }
    // The last two: one place before, and hardly more alike than others now.
    const correlation = ({ covariance }: JointPosterior): number =>
      covariance[4 * q + 5]! / Math.sqrt(covariance[4 * q + 4]! * covariance[5 * q + 5]!);
    expect(correlation(together)).toBeGreaterThan(0.8);
    expect(correlation(apart)).toBeLessThan(0.5);
  });

  it('cost nothing where there are none, or one', () => {
    const { all, seen, y } = problemOf(5);
    const { fitted } = gaussianProcessModel.fit(
      { inputs: takeInputRows(all, seen), y, groups: seen },
      gaussianProcessModel.defaultSpec,
      createGenerator(1),
    );
    const { X, state } = encodeForProcess(fitted, all);
    const apart = tellLevelsApart(fitted.encoder, all, X, state as GaussianProcessState);
    expect(apart).toEqual({ X, state });
  });
});
