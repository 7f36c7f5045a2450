import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedMinimization, type Objective } from './boundedMinimization.ts';
import { minimizeBounded } from './minimizeBounded.ts';

/** A number with its gradient: exact derivatives of the test problems without writing them by hand. */
class Dual {
  readonly v: number;
  readonly d: Float64Array;
  constructor(v: number, d: Float64Array) {
    this.v = v;
    this.d = d;
  }
  #chain(v: number, slope: number): Dual {
    return new Dual(
      v,
      this.d.map((component) => slope * component),
    );
  }
  plus(other: Dual | number): Dual {
    if (typeof other === 'number') return new Dual(this.v + other, this.d);
    return new Dual(
      this.v + other.v,
      this.d.map((component, i) => component + other.d[i]!),
    );
  }
  times(other: Dual | number): Dual {
    if (typeof other === 'number') return this.#chain(this.v * other, other);
    return new Dual(
      this.v * other.v,
      this.d.map((component, i) => component * other.v + this.v * other.d[i]!),
    );
  }
  minus(other: Dual | number): Dual {
    return this.plus(typeof other === 'number' ? -other : other.times(-1));
  }
  over(other: Dual): Dual {
    return this.times(other.#chain(1 / other.v, -1 / other.v ** 2));
  }
  squared(): Dual {
    return this.#chain(this.v ** 2, 2 * this.v);
  }
  exp(): Dual {
    return this.#chain(Math.exp(this.v), Math.exp(this.v));
  }
  sin(): Dual {
    return this.#chain(Math.sin(this.v), Math.cos(this.v));
  }
  cos(): Dual {
    return this.#chain(Math.cos(this.v), -Math.sin(this.v));
  }
  sqrt(): Dual {
    return this.#chain(Math.sqrt(this.v), 0.5 / Math.sqrt(this.v));
  }
  atan(): Dual {
    return this.#chain(Math.atan(this.v), 1 / (1 + this.v ** 2));
  }
}

const sum = (terms: Dual[]): Dual => terms.reduce((total, term) => total.plus(term));
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const bard = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39];
const gaussian = [0.0009, 0.0044, 0.0175, 0.054, 0.1295, 0.242, 0.3521, 0.3989];
const kowalik = [
  [0.1957, 4],
  [0.1947, 2],
  [0.1735, 1],
  [0.16, 0.5],
  [0.0844, 0.25],
  [0.0627, 0.167],
  [0.0456, 0.125],
  [0.0342, 0.1],
  [0.0323, 0.0833],
  [0.0235, 0.0714],
  [0.0246, 0.0625],
];

const extendedRosenbrock = (x: Dual[]): Dual[] =>
  range(x.length / 2).flatMap((i) => {
    const [a, b] = [x[2 * i]!, x[2 * i + 1]!];
    return [b.minus(a.squared()).times(10), a.times(-1).plus(1)];
  });

const extendedPowell = (x: Dual[]): Dual[] =>
  range(x.length / 4).flatMap((i) => {
    const [a, b, c, d] = x.slice(4 * i, 4 * i + 4) as [Dual, Dual, Dual, Dual];
    return [
      b.times(10).plus(a),
      c.minus(d).times(Math.sqrt(5)),
      b.minus(c.times(2)).squared(),
      a.minus(d).squared().times(Math.sqrt(10)),
    ];
  });

/** Residuals of problems of More, Garbow & Hillstrom (ACM TOMS 7, 1981); the function is the sum of squares. */
const problems: Record<string, (x: Dual[]) => Dual[]> = {
  rosenbrock: extendedRosenbrock,
  freudensteinRoth: ([a, b]) => [
    b!.times(-1).plus(5).times(b!).minus(2).times(b!).plus(a!).minus(13),
    b!.plus(1).times(b!).minus(14).times(b!).plus(a!).minus(29),
  ],
  powellBadlyScaled: ([a, b]) => [
    a!.times(b!).times(1e4).minus(1),
    a!.times(-1).exp().plus(b!.times(-1).exp()).minus(1.0001),
  ],
  brownBadlyScaled: ([a, b]) => [a!.minus(1e6), b!.minus(2e-6), a!.times(b!).minus(2)],
  beale: ([a, b]) => {
    const powers = [b!, b!.squared(), b!.squared().times(b!)];
    return [1.5, 2.25, 2.625].map((y, i) => a!.times(powers[i]!.minus(1)).plus(y));
  },
  helicalValley: ([a, b, c]) => {
    const turn = b!
      .over(a!)
      .atan()
      .times(1 / (2 * Math.PI))
      .plus(a!.v < 0 ? 0.5 : 0);
    return [
      c!.minus(turn.times(10)).times(10),
      a!.squared().plus(b!.squared()).sqrt().minus(1).times(10),
      c!,
    ];
  },
  bard: ([a, b, c]) =>
    bard.map((y, k) => {
      const u = k + 1;
      const v = 16 - u;
      const denominator = b!.times(v).plus(c!.times(Math.min(u, v)));
      const one = a!.times(0).plus(u);
      return a!.plus(one.over(denominator)).times(-1).plus(y);
    }),
  gaussian: ([a, b, c]) =>
    range(15).map((k) => {
      const t = (7 - k) / 2;
      const y = gaussian[Math.min(k, 14 - k)]!;
      return c!.minus(t).squared().times(b!).times(-0.5).exp().times(a!).minus(y);
    }),
  box3: ([a, b, c]) =>
    range(10).map((k) => {
      const t = 0.1 * (k + 1);
      return a!
        .times(-t)
        .exp()
        .minus(b!.times(-t).exp())
        .minus(c!.times(Math.exp(-t) - Math.exp(-10 * t)));
    }),
  powellSingular: extendedPowell,
  wood: ([a, b, c, d]) => [
    b!.minus(a!.squared()).times(10),
    a!.times(-1).plus(1),
    d!.minus(c!.squared()).times(Math.sqrt(90)),
    c!.times(-1).plus(1),
    b!.plus(d!).minus(2).times(Math.sqrt(10)),
    b!.minus(d!).times(1 / Math.sqrt(10)),
  ],
  kowalikOsborne: ([a, b, c, d]) =>
    kowalik.map(([y, u]) => {
      const above = b!.times(u!).plus(u! * u!);
      const below = c!
        .times(u!)
        .plus(u! * u!)
        .plus(d!);
      return a!.times(above).over(below).times(-1).plus(y!);
    }),
  brownDennis: ([a, b, c, d]) =>
    range(20).map((k) => {
      const t = (k + 1) / 5;
      const first = b!.times(t).plus(a!).minus(Math.exp(t));
      const second = d!.times(Math.sin(t)).plus(c!).minus(Math.cos(t));
      return first.squared().plus(second.squared());
    }),
  biggsExp6: (x) =>
    range(13).map((k) => {
      const t = 0.1 * (k + 1);
      const y = Math.exp(-t) - 5 * Math.exp(-10 * t) + 3 * Math.exp(-4 * t);
      const term = (amount: number, rate: number): Dual => x[rate]!.times(-t).exp().times(x[amount]!);
      return term(2, 0).minus(term(3, 1)).plus(term(5, 4)).minus(y);
    }),
  watson: (x) => {
    const rows = range(29).map((k) => {
      const t = (k + 1) / 29;
      const slope = sum(x.map((v, j) => v.times(j === 0 ? 0 : j * t ** (j - 1))));
      const value = sum(x.map((v, j) => v.times(t ** j)));
      return slope.minus(value.squared()).minus(1);
    });
    return [...rows, x[0]!, x[1]!.minus(x[0]!.squared()).minus(1)];
  },
  extendedRosenbrock,
  extendedPowell,
  penalty1: (x) => [
    ...x.map((v) => v.minus(1).times(Math.sqrt(1e-5))),
    sum(x.map((v) => v.squared())).minus(0.25),
  ],
  penalty2: (x) => {
    const a = Math.sqrt(1e-5);
    const n = x.length;
    const rest = range(n - 1).map((k) => k + 1);
    const e = x.map((v) => v.times(0.1).exp());
    return [
      x[0]!.minus(0.2),
      ...rest.map((i) =>
        e[i]!.plus(e[i - 1]!)
          .minus(Math.exp((i + 1) / 10) + Math.exp(i / 10))
          .times(a),
      ),
      ...rest.map((i) => e[i]!.minus(Math.exp(-0.1)).times(a)),
      sum(x.map((v, j) => v.squared().times(n - j))).minus(1),
    ];
  },
  variablyDimensioned: (x) => {
    const s = sum(x.map((v, j) => v.minus(1).times(j + 1)));
    return [...x.map((v) => v.minus(1)), s, s.squared()];
  },
  trigonometric: (x) => {
    const cosines = sum(x.map((v) => v.cos()));
    return x.map((v, i) =>
      v
        .cos()
        .times(-(i + 1))
        .plus(i + 1)
        .minus(v.sin())
        .minus(cosines)
        .plus(x.length),
    );
  },
  brownAlmostLinear: (x) => {
    const n = x.length;
    const s = sum(x);
    const product = x.reduce((total, v) => total.times(v));
    return [...x.slice(0, n - 1).map((v) => v.plus(s).minus(n + 1)), product.minus(1)];
  },
  discreteBoundary: (x) => {
    const h = 1 / (x.length + 1);
    const zero = x[0]!.times(0);
    return x.map((v, i) => {
      const inner = v.plus((i + 1) * h + 1);
      const curved = inner
        .squared()
        .times(inner)
        .times((h * h) / 2);
      return v
        .times(2)
        .minus(x[i - 1] ?? zero)
        .minus(x[i + 1] ?? zero)
        .plus(curved);
    });
  },
  broydenTridiagonal: (x) => {
    const zero = x[0]!.times(0);
    return x.map((v, i) =>
      v
        .times(-2)
        .plus(3)
        .times(v)
        .minus(x[i - 1] ?? zero)
        .minus((x[i + 1] ?? zero).times(2))
        .plus(1),
    );
  },
  broydenBanded: (x) =>
    x.map((v, i) => {
      let r = v.squared().times(5).plus(2).times(v).plus(1);
      for (let j = Math.max(0, i - 5); j < Math.min(x.length, i + 2); j++) {
        if (j !== i) r = r.minus(x[j]!.plus(1).times(x[j]!));
      }
      return r;
    }),
  linearFullRank: (x) => {
    const m = 2 * x.length;
    const s = sum(x).times(2 / m);
    return range(m).map((i) => (i < x.length ? x[i]!.minus(s).minus(1) : s.times(-1).minus(1)));
  },
  chebyquad: (x) => {
    const n = x.length;
    const zero = x[0]!.times(0);
    const sums: Dual[] = range(n).map(() => zero);
    for (const v of x) {
      const shifted = v.times(2).minus(1);
      let before = zero.plus(1);
      let now = shifted;
      for (let i = 0; i < n; i++) {
        sums[i] = sums[i]!.plus(now);
        [before, now] = [now, shifted.times(now).times(2).minus(before)];
      }
    }
    return sums.map((s, i) => s.times(1 / n).plus(i % 2 === 0 ? 0 : 1 / ((i + 1) ** 2 - 1)));
  },
};

function sumOfSquares(residuals: (x: Dual[]) => Dual[]): Objective {
  return (x, gradient) => {
    const d = x.length;
    const variables = Array.from(x, (v, i) => {
      const unit = new Float64Array(d);
      unit[i] = 1;
      return new Dual(v, unit);
    });
    const total = sum(residuals(variables).map((r) => r.squared()));
    gradient.set(total.d);
    return total.v;
  };
}

interface Case {
  problem: string;
  kind: 'free' | 'bounded';
  start: number[];
  lower: (number | null)[] | null;
  upper: (number | null)[] | null;
  value: number;
  x: number[];
  active: number[];
  usualValue: number;
  usualEvaluations: number;
}

const golden = JSON.parse(
  readFileSync(new URL('../../../../fixtures/optimize/moreGarbowHillstrom.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

function boundsOf({ start, lower, upper }: Case): [Float64Array, Float64Array] {
  return [
    Float64Array.from(start, (_, i) => lower?.[i] ?? -Infinity),
    Float64Array.from(start, (_, i) => upper?.[i] ?? Infinity),
  ];
}

describe('minimizeBounded on the problems of More, Garbow and Hillstrom', () => {
  it.each(golden.cases.map((one) => [`${one.problem}, ${one.kind}`, one] as const))(
    'finds the optimum and active set of scipy: %s',
    (_, one) => {
      const objective = sumOfSquares(problems[one.problem]!);
      const [lower, upper] = boundsOf(one);
      const found = minimizeBounded(objective, Float64Array.from(one.start), lower, upper, {
        valueTolerance: 1e-15,
        gradientTolerance: 1e-9,
      });
      expect(found.value - one.value).toBeLessThanOrEqual(1e-7 * Math.max(1, one.value));
      const gradient = new Float64Array(found.x.length);
      objective(found.x, gradient);
      const active = Array.from(found.x, (v, i) => {
        if (Math.abs(gradient[i]!) <= 1e-5) return 0;
        return v === lower[i] ? -1 : v === upper[i] ? 1 : 0;
      });
      expect(active).toEqual(one.active);
    },
  );

  it('needs at most 1.2 times the evaluations of scipy in total, at values as good', () => {
    let ours = 0;
    let scipy = 0;
    let asGood = 0;
    for (const one of golden.cases) {
      const objective = sumOfSquares(problems[one.problem]!);
      const [lower, upper] = boundsOf(one);
      const found = minimizeBounded(objective, Float64Array.from(one.start), lower, upper);
      ours += found.evaluations;
      scipy += one.usualEvaluations;
      if (found.value < one.usualValue + 1e-6 * Math.max(1, one.usualValue)) asGood++;
    }
    expect(ours).toBeLessThanOrEqual(1.2 * scipy);
    expect(asGood).toBeGreaterThanOrEqual(golden.cases.length - 1);
  });
});

/** A smooth function with many minima, and the box of a random problem. */
const randomProblem = fc.integer({ min: 1, max: 8 }).chain((d) =>
  fc.record({
    centre: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: d, maxLength: d }),
    weight: fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: d, maxLength: d }),
    wave: fc.double({ min: 0, max: 5, noNaN: true }),
    start: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: d, maxLength: d }),
    lower: fc.array(fc.oneof(fc.constant(-Infinity), fc.double({ min: -4, max: 0, noNaN: true })), {
      minLength: d,
      maxLength: d,
    }),
    width: fc.array(
      fc.oneof(fc.constant(Infinity), fc.constant(0), fc.double({ min: 0, max: 4, noNaN: true })),
      {
        minLength: d,
        maxLength: d,
      },
    ),
  }),
);

interface RandomProblem {
  centre: number[];
  weight: number[];
  wave: number;
  start: number[];
  lower: number[];
  width: number[];
}

function build({ centre, weight, wave, start, lower, width }: RandomProblem): {
  objective: Objective;
  start: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
} {
  const d = centre.length;
  return {
    objective: (x, gradient) => {
      let value = 0;
      for (let i = 0; i < d; i++) {
        const e = x[i]! - centre[i]!;
        const next = x[(i + 1) % d]! - centre[(i + 1) % d]!;
        value += 0.5 * weight[i]! * e * e + wave * Math.cos(2 * e + next);
      }
      for (let i = 0; i < d; i++) {
        const e = x[i]! - centre[i]!;
        const next = x[(i + 1) % d]! - centre[(i + 1) % d]!;
        const before = x[(i + d - 1) % d]! - centre[(i + d - 1) % d]!;
        gradient[i] = weight[i]! * e - wave * (2 * Math.sin(2 * e + next) + Math.sin(2 * before + e));
      }
      return value;
    },
    start: Float64Array.from(start),
    lower: Float64Array.from(lower),
    upper: Float64Array.from(lower, (bound, i) =>
      width[i] === Infinity ? Infinity : Math.max(bound, -10) + width[i]!,
    ),
  };
}

describe('minimizeBounded', () => {
  it('never calls the objective outside the box and ends inside it', () => {
    fc.assert(
      fc.property(randomProblem, (problem) => {
        const { objective, start, lower, upper } = build(problem);
        const inside = (x: Float64Array): boolean => x.every((v, i) => v >= lower[i]! && v <= upper[i]!);
        const found = minimizeBounded(
          (x, gradient) => {
            expect(inside(x)).toBe(true);
            return objective(x, gradient);
          },
          start,
          lower,
          upper,
        );
        expect(inside(found.x)).toBe(true);
      }),
    );
  });

  it('never lets the value rise from one iteration to the next', () => {
    fc.assert(
      fc.property(randomProblem, (problem) => {
        const { objective, start, lower, upper } = build(problem);
        let before = Infinity;
        for (let maxIterations = 0; maxIterations < 12; maxIterations++) {
          const { value } = minimizeBounded(objective, start, lower, upper, { maxIterations });
          expect(value).toBeLessThanOrEqual(before);
          before = value;
        }
      }),
      { numRuns: 50 },
    );
  });

  it('ends where the projected gradient vanishes or rounding forbids progress', () => {
    fc.assert(
      fc.property(randomProblem, (problem) => {
        const { objective, start, lower, upper } = build(problem);
        const found = minimizeBounded(objective, start, lower, upper, {
          valueTolerance: 0,
          gradientTolerance: 1e-7,
        });
        if (found.reason === 'gradientSmall') expect(found.gradientNorm).toBeLessThanOrEqual(1e-7);
        else expect(found.gradientNorm).toBeLessThanOrEqual(1e-4);
        expect(found.reason).not.toBe('iterationLimit');
      }),
    );
  });

  it('backs off from where the objective is not finite', () => {
    // -log(1 - x) + x^2 - 3x has its domain left of 1; a full first step would leave it.
    for (const outside of [NaN, Infinity]) {
      const found = minimizeBounded(
        (x, gradient) => {
          const v = x[0]!;
          gradient[0] = 1 / (1 - v) + 200 * (v - 0.99);
          return v < 1 ? -Math.log(1 - v) + 100 * (v - 0.99) ** 2 : outside;
        },
        Float64Array.of(-5),
        Float64Array.of(-Infinity),
        Float64Array.of(Infinity),
      );
      expect(found.gradientNorm).toBeLessThan(1e-4);
      expect(found.x[0]).toBeLessThan(1);
    }
  });

  it('says why it stopped', () => {
    const quartic: Objective = (x, gradient) => {
      gradient[0] = 4 * x[0]! ** 3;
      return x[0]! ** 4;
    };
    const free = [Float64Array.of(-Infinity), Float64Array.of(Infinity)] as const;
    const stop = (objective: Objective, options: object): string =>
      minimizeBounded(objective, Float64Array.of(3), ...free, options).reason;
    expect(stop(quartic, {})).toBe('gradientSmall');
    expect(stop(quartic, { gradientTolerance: 0, valueTolerance: 1e-3 })).toBe('valueConverged');
    expect(stop(quartic, { maxIterations: 2 })).toBe('iterationLimit');
    expect(stop(quartic, { maxEvaluations: 2 })).toBe('evaluationLimit');
    expect(stop(() => NaN, {})).toBe('startNotFinite');
    const wrongGradient: Objective = (x, gradient) => {
      gradient[0] = -1;
      return Math.abs(x[0]!);
    };
    expect(stop(wrongGradient, {})).toBe('noProgress');
  });

  it('refuses crossed bounds', () => {
    const still: Objective = () => 0;
    expect(() => minimizeBounded(still, Float64Array.of(0), Float64Array.of(1), Float64Array.of(0))).toThrow(
      'bounds of variable 0',
    );
  });

  it('keeps the first step within its limit', () => {
    let farthest = 0;
    let calls = 0;
    minimizeBounded(
      (x, gradient) => {
        calls++;
        if (calls === 2) farthest = Math.abs(x[0]!);
        gradient[0] = 1000 * (x[0]! - 1);
        return 500 * (x[0]! - 1) ** 2;
      },
      Float64Array.of(0),
      Float64Array.of(-50),
      Float64Array.of(50),
      { maxFirstStep: 0.25 },
    );
    expect(farthest).toBeCloseTo(0.25, 12);
  });
});

describe('BoundedMinimization', () => {
  it('taken up again does what it would have done without the pause', () => {
    const one = golden.cases.find(({ problem, kind }) => problem === 'wood' && kind === 'bounded')!;
    const [lower, upper] = boundsOf(one);
    const objective = sumOfSquares(problems.wood!);
    const paused = new BoundedMinimization(objective, Float64Array.from(one.start), lower, upper);
    for (let maxIterations = 1; maxIterations < 10; maxIterations++) paused.run({ maxIterations });
    expect(paused.run()).toEqual(minimizeBounded(objective, Float64Array.from(one.start), lower, upper));
  });
});
