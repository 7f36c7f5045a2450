import type { Candidate, DesignPayload, Insight, PredictReply, SearchSpace } from '@athanor/schema';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markCandidate, readReview } from './candidateReview.ts';
import { changeCandidate } from './changeCandidate.ts';
import { followUp } from './followUp.ts';
import { narrowSpace } from './narrowSpace.ts';
import { newRule, ruleNames } from './newRule.ts';
import { paretoFront } from './paretoFront.ts';
import { readMeasured, readNumber } from './readMeasured.ts';
import { relaxSpace } from './relaxSpace.ts';
import { shareAmounts } from './shareAmounts.ts';
import { spanOf } from './spanOf.ts';
import { splitCells } from './splitCells.ts';

const space: SearchSpace = {
  variables: [
    { kind: 'amount', key: 'resin', lower: 0, upper: 80, step: 0.5, classes: ['polymer'] },
    { kind: 'amount', key: 'chalk', lower: 0, upper: 40, step: 1, classes: ['filler'] },
    { kind: 'parameter', key: 'temperature', lower: 60, upper: 120, step: 5 },
    { kind: 'parameter', key: 'pH', lower: 4, upper: 9 },
    { kind: 'discrete', key: 'mesh', values: [80, 120, 200] },
    { kind: 'category', key: 'solvent', levels: ['water', 'ethanol'] },
  ],
  constraints: [{ kind: 'total', value: 100 }],
};
const row = { resin: 62.5, chalk: 37, temperature: 90, pH: 6, mesh: 120, solvent: 'water' };

describe('the front of a trade-off', () => {
  const point = fc.record({ x: fc.integer({ min: 0, max: 9 }), y: fc.integer({ min: 0, max: 9 }) });
  const isBeaten = (
    a: { x: number; y: number },
    b: { x: number; y: number },
    [moreX, moreY]: readonly [boolean, boolean],
  ): boolean => {
    const [dx, dy] = [(b.x - a.x) * (moreX ? 1 : -1), (b.y - a.y) * (moreY ? 1 : -1)];
    return dx >= 0 && dy >= 0 && dx + dy > 0;
  };

  it('holds what nothing beats, and one of equal points', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), fc.boolean(), fc.boolean(), (points, moreX, moreY) => {
        const front = paretoFront(points, [moreX, moreY]);
        const best = points.filter((a) => !points.some((b) => isBeaten(a, b, [moreX, moreY])));
        const text = ({ x, y }: { x: number; y: number }): string => `${x} ${y}`;
        expect(new Set(front.map((i) => text(points[i]!)))).toEqual(new Set(best.map(text)));
        expect(front.length).toBe(new Set(best.map(text)).size);
      }),
    );
  });
});

describe('the space around a proposal', () => {
  const narrow = narrowSpace(space, row, [row]);

  it('keeps numbers within a tenth of their range, on their steps', () => {
    expect(narrow.variables[0]).toMatchObject({ lower: 54.5, upper: 70.5 });
    expect(narrow.variables[1]).toMatchObject({ lower: 33, upper: 40 });
    expect(narrow.variables[2]).toMatchObject({ lower: 85, upper: 95 });
    expect(narrow.variables[3]).toMatchObject({ lower: 5.5, upper: 6.5 });
  });

  it('keeps choices, and takes listed numbers next to it', () => {
    expect(narrow.variables[4]).toMatchObject({ values: [80, 120, 200] });
    expect(narrow.variables[5]).toMatchObject({ levels: ['water'] });
  });

  it('does not give the known rows again', () => {
    expect(narrow.constraints).toEqual([
      { kind: 'total', value: 100 },
      { kind: 'exclude', rows: [row] },
    ]);
  });
});

describe('a space that gives way', () => {
  const relax = (constraint: SearchSpace['constraints'][number]) =>
    relaxSpace({ ...space, constraints: [constraint] }, ['constraints/0'], row).constraints[0];

  it('moves limits just so far that the row obeys them', () => {
    expect(relax({ kind: 'total', value: 100 })).toMatchObject({ value: 99.5 });
    expect(relax({ kind: 'classTotal', class: 'filler', max: 30 })).toMatchObject({ max: 37 });
    expect(relax({ kind: 'count', max: 1 })).toMatchObject({ max: 2 });
    expect(relax({ kind: 'minimumIfUsed', value: 50 })).toMatchObject({ value: 37 });
    expect(relax({ kind: 'fixed', key: 'mesh', value: 80 })).toMatchObject({ value: 120 });
    expect(relax({ kind: 'ratio', numerator: ['chalk'], denominator: ['resin'], max: 0.5 })).toMatchObject({
      max: 0.592,
    });
    expect(
      relax({
        kind: 'linear',
        terms: [
          { key: 'resin', coefficient: 2 },
          { key: 'chalk', coefficient: -1 },
        ],
        operator: 'lte',
        value: 10,
      }),
    ).toMatchObject({ value: 88 });
    expect(relax({ kind: 'budget', prices: { resin: 4, chalk: 0.3 }, max: 2 })).toMatchObject({ max: 2.611 });
  });

  it('leaves limits that hold and leaves out rules that have none', () => {
    expect(relax({ kind: 'classTotal', class: 'filler', min: 10, max: 38 })).toMatchObject({
      min: 10,
      max: 38,
    });
    expect(
      relax({
        kind: 'forbidden',
        conditions: [
          { key: 'resin', used: true },
          { key: 'chalk', used: true },
        ],
      }),
    ).toBeUndefined();
  });

  it('widens bounds', () => {
    const wide = relaxSpace(space, ['variables/0'], { ...row, resin: 90 });
    expect(wide.variables[0]).toMatchObject({ lower: 0, upper: 90 });
    expect(wide.variables.slice(1)).toEqual(space.variables.slice(1));
  });
});

describe('a new rule', () => {
  it('of every kind speaks of what the space has', () => {
    for (const kind of Object.keys(ruleNames) as (keyof typeof ruleNames)[]) {
      expect(newRule(kind, space)?.kind).toBe(kind);
    }
  });

  it('about amounts is not offered where there are none', () => {
    const settings = { variables: space.variables.slice(2), constraints: [] };
    expect(newRule('total', settings)).toBeNull();
    expect(newRule('classTotal', settings)).toBeNull();
    expect(newRule('fixed', settings)).toEqual({ kind: 'fixed', key: 'temperature', value: 60 });
  });
});

describe('marks of proposals', () => {
  it('are never both wanted and not', () => {
    const pinned = markCandidate(readReview(undefined), 3, 'pinned');
    expect(pinned.pinned).toEqual([3]);
    expect(markCandidate(pinned, 3, 'excluded')).toMatchObject({ pinned: [], excluded: [3] });
    expect(markCandidate(pinned, 3, null)).toMatchObject({ pinned: [], excluded: [] });
  });

  it('are empty where metadata hold something else', () => {
    expect(readReview({ review: { pinned: 'all' } }).pinned).toEqual([]);
  });
});

describe('measured results as they are pasted', () => {
  const expected = {
    inputs: ['resin (g)', 'chalk (g)'],
    targets: ['strength (MPa)'],
    proposals: new Map([
      [1, { 'resin (g)': 60, 'chalk (g)': 40 }],
      [2, { 'resin (g)': 70, 'chalk (g)': 30 }],
    ]),
  };

  it('are known by their number, and what was weighed in counts', () => {
    const paste = readMeasured('No.\tchalk (g)\tstrength\n2\t31\t43,8\n1\t\t40', expected)!;
    expect(paste.problems).toEqual([]);
    expect(paste.rows).toEqual([
      { rank: 2, inputs: { 'resin (g)': 70, 'chalk (g)': 31 }, values: { 'strength (MPa)': '43,8' } },
      { rank: 1, inputs: { 'resin (g)': 60, 'chalk (g)': 40 }, values: { 'strength (MPa)': '40' } },
    ]);
  });

  it('are known by their inputs; others are experiments of their own', () => {
    const paste = readMeasured('resin (g);chalk (g);note;strength (MPa)\n60;40;ok;41\n50;50;;39', expected)!;
    expect(paste.rows.map(({ rank }) => rank)).toEqual([1, null]);
    expect(paste.ignored).toEqual(['note']);
  });

  it('tell the cell of what cannot be read, and leave out what was not measured', () => {
    const paste = readMeasured('No.\tstrength\n1\tbroken\n9\t40\n2\t', expected)!;
    expect(paste.rows).toEqual([]);
    expect(paste.problems).toEqual([
      { cell: 'B2', message: '“broken” is no number' },
      { cell: 'A3', message: 'there is no experiment no. 9' },
    ]);
  });

  it('ask which experiments they are when nothing says so', () => {
    const paste = readMeasured('chalk (g)\tstrength\n31\t40', expected)!;
    expect(paste.problems[0]!.message).toContain('resin (g)');
    expect(readMeasured('41\n42', expected)).toBeNull();
  });

  it('hold numbers with points, commas and a true minus sign', () => {
    expect(readNumber('1,5')).toBe(1.5);
    expect(readNumber('1.234,5')).toBe(1234.5);
    expect(readNumber('1,234.5')).toBe(1234.5);
    expect(readNumber('−2.5e-3')).toBe(-0.0025);
    expect(readNumber('<3')).toBeNull();
    expect(readNumber('')).toBeNull();
  });

  it('are split as spreadsheets join them', () => {
    const cell = fc.string({ maxLength: 8 }).filter((text) => text.trim() !== '' && !/\r/.test(text));
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 }),
        (cells) => {
          const text = cells
            .map((line) => line.map((one) => `"${one.replaceAll('"', '""')}"`).join('\t'))
            .join('\r\n');
          expect(splitCells(text)).toEqual(cells);
        },
      ),
    );
  });
});

const prediction = {
  mean: 40,
  standardDeviation: 2,
  modelStandardDeviation: 1,
  interval: { lower: 36, upper: 44, level: 0.9 },
};
const candidate: Candidate = {
  rank: 2,
  inputs: row,
  predictions: [{ target: 'strength', prediction, probability: 0.7 }],
  probabilityOfAll: 0.7,
  probabilityOfAllIndependent: 0.7,
  score: 1.2,
  shareOfImprovement: 0.3,
  reason: 'exploit',
  applicability: null,
  nearest: null,
  cost: 2.5,
  slack: [],
};

describe('a proposal that is changed by hand', () => {
  it('is told by what the models say of it now, and keeps nothing that was only true before', () => {
    const fresh = { ...prediction, mean: 44 };
    const judged = {
      score: 0.2,
      class: 'outside' as const,
      reasons: ['far'],
      nearest: { row: 7, distance: 0.4 },
    };
    const reply: PredictReply = {
      model: { id: 'MDL1', name: 'Ensemble' },
      targets: [{ target: 'strength', unit: 'MPa', predictions: [{ ...fresh, applicability: judged }] }],
      warnings: [],
    };
    const changed = changeCandidate(candidate, { ...row, temperature: 95 }, reply);
    expect(changed.inputs['temperature']).toBe(95);
    expect(changed.predictions).toEqual([{ target: 'strength', prediction: fresh, probability: null }]);
    expect(changed).toMatchObject({ rank: 2, probabilityOfAll: null, score: null, cost: null });
    expect(changed.applicability).toEqual({ score: 0.2, class: 'outside', reasons: ['far'] });
    expect(changed.nearest).toEqual({ row: 7, distance: 0.4, differences: [] });
  });
});

describe('further experiments after some', () => {
  const insight = {
    albertId: 'INS3',
    name: 'strength',
    category: 'Optimizer',
    modelSessionId: 'MDS1',
    Registry: { Settings: {} },
  } as unknown as Insight;
  const payload = {
    objectives: [{ target: 'strength', goal: 'maximize' }],
    mode: 'balanced',
  } as DesignPayload;

  it('are asked for as the first were, in a space of their own and besides what is under way', () => {
    const asked = { ...insight, Registry: { Settings: { mode: 'explore', pending: [row], diversity: 0.2 } } };
    const other = { ...row, pH: 7 };
    const body = followUp(asked as Insight, payload, { name: 'more', space, pending: [other], count: 5 });
    expect(body).toMatchObject({ category: 'Custom Optimizer', modelSessionId: 'MDS1', state: 'Queued' });
    expect(body.Metadata).toEqual({ follows: 'INS3' });
    expect(body.Registry.Settings).toMatchObject({
      objectives: payload.objectives,
      mode: 'balanced',
      diversity: 0.2,
      pending: [row, other],
      numCandidatesSelected: 5,
      space,
    });
  });

  it('of a Smart DOE stay a Smart DOE', () => {
    const doe = { ...insight, category: 'Smart DOE' } as Insight;
    const empty = { objectives: [], mode: null } as unknown as DesignPayload;
    const body = followUp(doe, empty, { name: 'more', space, pending: [], count: 5 });
    expect(body.category).toBe('Smart DOE');
    expect(body.Registry.Settings).not.toHaveProperty('objectives');
  });
});

describe('amounts that share the rest', () => {
  const mixture: SearchSpace = {
    variables: [
      { kind: 'amount', key: 'resin', lower: 40, upper: 90, step: 0.1 },
      { kind: 'amount', key: 'chalk', lower: 0, upper: 40, step: 5 },
      { kind: 'amount', key: 'talc', lower: 0, upper: 30, step: 2.5 },
      { kind: 'amount', key: 'wax', lower: 0.3, upper: 1, step: 0.1 },
      { kind: 'parameter', key: 'cure', lower: 60, upper: 120 },
    ],
    constraints: [{ kind: 'total', value: 100 }],
  };
  const start = { resin: 69.5, chalk: 20, talc: 10, wax: 0.5, cure: 80 };
  const parts = ['resin', 'chalk', 'talc', 'wax'] as const;
  const sum = (one: Readonly<Record<string, unknown>>): number =>
    parts.reduce((total, key) => total + Number(one[key]), 0);

  it('keep the total in whole steps, and the wanted amount as it was set', () => {
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.integer({ min: 0, max: 400 }), (key, tenth) => {
        const next = shareAmounts(mixture, start, key, tenth / 10);
        if (next === null) return;
        expect(next[key]).toBeCloseTo(tenth / 10, 9);
        expect(sum(next)).toBeCloseTo(100, 8);
        for (const { key: other, ...variable } of mixture.variables) {
          if (variable.kind !== 'amount' || other === key) continue;
          const steps = Number(next[other]) / variable.step;
          expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-6);
        }
        expect(next['cure']).toBe(80);
      }),
    );
    expect(shareAmounts(mixture, start, 'chalk', 30)).toEqual({
      ...start,
      chalk: 30,
      // Of 60.8, 8.75 and 0.4375 in steps of 0.1, 2.5 and 0.1; the largest takes what the steps leave.
      resin: 59.6,
      talc: 10,
      wax: 0.4,
    });
  });

  it('leave what is held, and give up where nothing can take the rest', () => {
    const held = shareAmounts(mixture, start, 'chalk', 30, new Set(['talc', 'wax']));
    expect(held).toMatchObject({ chalk: 30, resin: 59.5, talc: 10, wax: 0.5 });
    expect(shareAmounts(mixture, start, 'chalk', 30, new Set(['resin', 'talc', 'wax']))).toBeNull();
    expect(shareAmounts(mixture, start, 'cure', 90)).toBeNull();
    expect(shareAmounts({ ...mixture, constraints: [] }, start, 'chalk', 30)).toBeNull();
  });
});

it('spans numbers by their lowest, middle and highest', () => {
  expect(spanOf([5, 1, 3])).toEqual([1, 3, 5]);
  expect(spanOf([4, 1, 3, 2])).toEqual([1, 2, 4]);
  expect(spanOf([7])).toEqual([7, 7, 7]);
});
