import { describe, expect, it } from 'vitest';
import type { NormalPosterior } from '../posteriors/posterior.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { normalCdf } from '../special/normalCdf.ts';
import { gaussLegendre } from '../special/quadrature.ts';
import type { JointDraws } from './batchRace.ts';
import { chooseBatch } from './chooseBatch.ts';
import { areaGain, hypervolume, hypervolumeGain, nondominated } from './hypervolume.ts';
import { jointProbability } from './jointProbability.ts';
import { logExpectedImprovement } from './logExpectedImprovement.ts';
import { scoreTies } from './scoreTies.ts';
import { residualCorrelation } from './residualCorrelation.ts';
import { gainOf, resolveObjective } from './resolvedObjective.ts';

const seen = Float64Array.from({ length: 11 }, (_, i) => i);

describe('logExpectedImprovement', () => {
  it('is the logarithm of the integral it stands for', () => {
    const { nodes, weights } = gaussLegendre(60);
    for (const [mean, sd, best] of [
      [0, 1, 0],
      [1, 2, 3],
      [-3, 1.5, 2],
      [5, 0.1, 5.2],
    ] as const) {
      // E[max(f - best, 0)] over best .. best + 12 sd.
      let integral = 0;
      nodes.forEach((node, i) => {
        const f = best + 6 * sd * (node + 1);
        const z = (f - mean) / sd;
        integral +=
          (weights[i]! * 6 * sd * (f - best) * Math.exp(-0.5 * z * z)) / (Math.sqrt(2 * Math.PI) * sd);
      });
      expect(logExpectedImprovement(mean, sd, best)).toBeCloseTo(Math.log(integral), 6);
    }
  });

  it('has no jump at its branch points and does not underflow', () => {
    for (const u of [-1, -1e6]) {
      const [below, above] = [u * (1 + 1e-9), u * (1 - 1e-9)];
      const a = logExpectedImprovement(below, 1, 0);
      const b = logExpectedImprovement(above, 1, 0);
      expect(Math.abs(a - b)).toBeLessThan(1e-8 * Math.max(1, u * u));
    }
    expect(logExpectedImprovement(-1e8, 1, 0)).toBeLessThan(-1e15);
    expect(Number.isFinite(logExpectedImprovement(-1e8, 1, 0))).toBe(true);
  });
});

describe('hypervolume', () => {
  const generator = createGenerator('hypervolume');
  const cloud = (n: number, k: number): Float64Array[] =>
    Array.from({ length: n }, () => Float64Array.from({ length: k }, () => generator.uniform()));

  it.each([2, 3, 4])('of %i objectives agrees with counting random points', (k) => {
    const points = cloud(8, k);
    const reference = new Float64Array(k);
    const tries = 40_000;
    let inside = 0;
    for (let i = 0; i < tries; i++) {
      const [probe] = cloud(1, k) as [Float64Array];
      if (points.some((point) => point.every((value, j) => value >= probe[j]!))) inside++;
    }
    expect(Math.abs(hypervolume(points, reference) - inside / tries)).toBeLessThan(0.012);
  });

  it('gains by a point what the volume with it has more', () => {
    for (const k of [2, 3, 4]) {
      const front = nondominated(cloud(10, k));
      const reference = new Float64Array(k).fill(0.05);
      for (const point of cloud(10, k)) {
        const gain = hypervolume([...front, point], reference) - hypervolume(front, reference);
        expect(hypervolumeGain(front, point, reference)).toBeCloseTo(gain, 12);
        const sorted = front.sort((a, b) => a[0]! - b[0]!);
        if (k === 2) expect(areaGain(sorted, point[0]!, point[1]!, reference)).toBeCloseTo(gain, 12);
      }
    }
  });
});

describe('jointProbability', () => {
  const posterior = (mean: number, sd: number): NormalPosterior => ({
    kind: 'normal',
    mean: Float64Array.of(mean),
    modelSd: Float64Array.of(sd / 2),
    measurementSd: Float64Array.of(sd),
  });
  const objective = (operator: 'gte' | 'lte', value: number) =>
    resolveObjective({ target: 'y', goal: 'meet', criterion: { operator, value } }, seen, 'objectives/0');

  it('is the product for independent errors and the arcsine law for correlated ones', () => {
    const objectives = [objective('gte', 0), objective('gte', 0)];
    const posteriors = [posterior(0, 1), posterior(0, 2)];
    for (const r of [0, 0.5, -0.8, 0.95]) {
      const { all, independent } = jointProbability(objectives, posteriors, Float64Array.of(1, r, r, 1));
      // Sheppard 1899: P(both positive) = 1/4 + arcsin r / (2 pi).
      expect(all![0]!).toBeCloseTo(0.25 + Math.asin(r) / (2 * Math.PI), 2);
      expect(independent![0]!).toBeCloseTo(0.25, 12);
    }
  });

  it('of each criterion is that of its normal margin', () => {
    const { each, all } = jointProbability([objective('lte', 3)], [posterior(1, 2)], Float64Array.of(1));
    expect(each[0]![0]!).toBeCloseTo(normalCdf(1), 12);
    expect(all![0]!).toBeCloseTo(normalCdf(1), 12);
  });
});

describe('scoreTies', () => {
  const generator = createGenerator('ties');
  // Nothing is measured below zero: where little is predicted, three quarters of the measurements are zero.
  const mean = Float64Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 0 : 5));
  const y = mean.map((m) => (m === 0 && generator.uniform() < 0.75 ? 0 : Math.abs(m + generator.normal())));
  const sd = mean.map(() => 1);
  const errors = { y, sd, z: y.map((value, i) => value - mean[i]!) };
  const zeros = Float64Array.of(0, -5);

  it('finds the share of measurements at the end of a scale, on the side they are on', () => {
    const below = scoreTies(zeros, 0, errors, false)!.map(normalCdf);
    expect(below[0]).toBeLessThan(0.02);
    const upTo = scoreTies(zeros, 0, errors, true)!.map(normalCdf);
    expect(Math.abs(upTo[0]! - 0.75)).toBeLessThan(0.08);
    expect(upTo[1]).toBeLessThan(0.02);
  });

  it('leaves other limits, and few rows, to the model', () => {
    expect(scoreTies(zeros, 1, errors, true)).toBeNull();
    const few = { y: y.slice(0, 40), sd: sd.slice(0, 40), z: errors.z.slice(0, 40) };
    expect(scoreTies(zeros, 0, few, true)).toBeNull();
  });
});

describe('residualCorrelation', () => {
  it('finds a strong correlation, shrunk, and none where rows do not meet', () => {
    const generator = createGenerator('residuals');
    const a = Float64Array.from({ length: 200 }, () => generator.normal());
    const b = a.map((value) => 0.8 * value + 0.6 * generator.normal());
    const apart = a.map((_, i) => (i < 195 ? NaN : 1));
    const R = residualCorrelation([a, b, apart]);
    expect(R[1]!).toBeGreaterThan(0.6);
    expect(R[1]!).toBeLessThan(0.8);
    expect(R[2]!).toBe(0);
    expect(R[4]!).toBe(1);
  });
});

describe('chooseBatch', () => {
  const maximize = resolveObjective({ target: 'y', goal: 'maximize' }, seen, 'objectives/0');
  /** One measured row at 8; three candidates: surely 9, twice the same 9.5 give or take, surely 2. */
  const draws = (): JointDraws => {
    const generator = createGenerator('draws');
    const values = Array.from({ length: 200 }, () => {
      const z = generator.normal();
      return Float64Array.of(8, 9, 9.5 + z, 9.5 + z, 2);
    });
    return {
      values: [values],
      noiseSd: [new Float64Array(5).fill(0.1)],
      measured: 1,
      pending: 0,
    };
  };
  const choose = (mode: 'balanced' | 'exploit' | 'explore', count: number) =>
    chooseBatch([maximize], draws(), count, mode, createGenerator(1), () => true).map(
      ({ candidate }) => candidate,
    );

  it('takes the uncertain better one first, and its double last of those that add something', () => {
    const [first, second] = choose('balanced', 3);
    expect([1, 2]).toContain(first);
    expect(second).toBe(0);
  });

  it('goes by the safe mean to exploit', () => {
    expect(choose('exploit', 1)).toEqual([1]);
  });

  it('gives half of a balanced batch to good means that a measurement could tell apart', () => {
    const generator = createGenerator('halves');
    // Measured 8 for sure; surely 9; its double to within the noise; another 8.5; a bad but open one.
    const values = Array.from({ length: 200 }, () => {
      const [a, b, c] = [generator.normal(), generator.normal(), generator.normal()];
      return Float64Array.of(8, 9 + 0.3 * a, 8.99 + 0.3 * a, 8.5 + 0.3 * b, 6 + 3 * c);
    });
    const { noiseSd, ...rest } = draws();
    const chosen = chooseBatch(
      [maximize],
      { ...rest, values: [values], noiseSd },
      4,
      'balanced',
      createGenerator(1),
      () => true,
    ).map(({ candidate }) => candidate);
    expect(chosen.slice(0, 2)).toEqual([0, 2]);
    expect(chosen[2]).toBe(3);
    expect(chosen[3]).toBe(1);
  });

  it('rests on what the data support as long as there is some, and on nothing else to explore', () => {
    const generator = createGenerator('support');
    // Measured 8 for sure; the better the mean, the less there is to support it.
    const values = Array.from({ length: 200 }, () => {
      const noise = (sd: number): number => sd * generator.normal();
      return Float64Array.of(8, 8.5 + noise(0.3), 9 + noise(0.5), 12 + noise(2), 13 + noise(2));
    });
    const classes = ['inside', 'edge', 'outside', 'outside'] as const;
    const chosen = (
      mode: 'balanced' | 'exploit' | 'explore',
      support: (i: number) => (typeof classes)[number],
    ) =>
      chooseBatch([maximize], { ...draws(), values: [values] }, 4, mode, createGenerator(1), () => true, {
        support,
      }).map(({ candidate }) => candidate);
    expect(chosen('exploit', (i) => classes[i]!)).toEqual([0, 1, 3, 2]);
    expect(chosen('balanced', (i) => classes[i]!).slice(0, 3)).toEqual([0, 1, 3]);
    expect(chosen('explore', (i) => classes[i]!)[0]).toBe(3);
    expect(chosen('balanced', () => 'outside')).toHaveLength(4);
  });

  it('sends a batch apart as well where all differences are small', () => {
    const generator = createGenerator('small');
    // Measured 8 give or take a trifle; twice what is like it, and one that is hardly worse but on its own.
    const values = Array.from({ length: 200 }, () => {
      const [a, b, c] = [generator.normal(), generator.normal(), generator.normal()];
      const like = 8 + 0.01 * b;
      return Float64Array.of(8 + 0.01 * a, like, like - 1e-4, 7.995 + 0.01 * c);
    });
    const chosen = chooseBatch(
      [maximize],
      { values: [values], noiseSd: [new Float64Array(4).fill(0.1)], measured: 1, pending: 0 },
      2,
      'balanced',
      createGenerator(1),
      () => true,
      { exploitShare: 0 },
    );
    expect(chosen.map(({ candidate }) => candidate).sort()).toEqual([0, 2]);
  });

  it('counts what lies below the middle of the data in one objective and above it in the other', () => {
    const other = resolveObjective({ target: 'z', goal: 'maximize' }, seen, 'objectives/1');
    const two = [maximize, other];
    // Measured (8, 1) and (1, 8); (9, 2) adds more at the end of the front than (4.8, 4.8) does amid it.
    const values = [[Float64Array.of(8, 1, 4.8, 10)], [Float64Array.of(1, 8, 4.8, 4)]];
    const [first] = chooseBatch(
      two,
      { values, noiseSd: values.map(() => new Float64Array(4).fill(0.1)), measured: 2, pending: 0 },
      1,
      'balanced',
      createGenerator(1),
      () => true,
    );
    expect(first!.candidate).toBe(1);
  });

  it('takes nothing that is not allowed and stops when all is', () => {
    const chosen = chooseBatch(
      [maximize],
      draws(),
      4,
      'balanced',
      createGenerator(1),
      (candidate) => candidate !== 1,
    );
    expect(chosen.map(({ candidate }) => candidate)).not.toContain(1);
    expect(chosen).toHaveLength(3);
  });

  it('prefers what meets a required criterion', () => {
    const limit = resolveObjective(
      { target: 'z', goal: 'meet', criterion: { operator: 'lte', value: 5 } },
      seen,
      'objectives/1',
    );
    const { values, noiseSd, ...rest } = draws();
    const second = values[0]!.map(() => Float64Array.of(1, 1, 9, 9, 1));
    const chosen = chooseBatch(
      [maximize, limit],
      { ...rest, values: [values[0]!, second], noiseSd: [noiseSd[0]!, new Float64Array(5).fill(0.5)] },
      1,
      'balanced',
      createGenerator(1),
      () => true,
    );
    expect(chosen[0]!.candidate).toBe(0);
  });
});

describe('gain', () => {
  it('is 1 for the best seen and 0 for the middle, whatever the direction', () => {
    const less = resolveObjective({ target: 'y', goal: 'minimize' }, seen, 'objectives/0');
    expect(gainOf(less, 0)).toBe(1);
    expect(gainOf(less, 5)).toBeCloseTo(0, 12);
    const match = resolveObjective({ target: 'y', goal: 'match', value: 3 }, seen, 'objectives/0');
    expect([gainOf(match, 3), gainOf(match, 5), gainOf(match, 1)]).toEqual([1, 0.8, 0.8]);
  });
});
