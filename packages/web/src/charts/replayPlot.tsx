import type { BacktestPayload } from '@athanor/schema';
import { useMemo } from 'react';
import { formatNumber } from '../numbers/formatNumber.ts';
import { axisOption, tooltipOption } from './axisOption.ts';
import { Chart } from './chart.tsx';
import { usePalette } from './palette.ts';

type Policy = BacktestPayload['policies'][number];

interface ReplayPlotProps {
  /** Chance among them. */
  readonly policies: readonly Policy[];
  readonly chosen: Policy['policy'];
  readonly nameOf: (policy: Policy['policy']) => string;
  /** The target with its unit. */
  readonly target: string;
}

/** Best value so far against experiments made: the chosen policy and chance with their spread, the others as thin lines. */
export function ReplayPlot({ policies, chosen, nameOf, target }: ReplayPlotProps) {
  const palette = usePalette();
  const option = useMemo(() => {
    const lookOf = (policy: Policy['policy']) =>
      policy === chosen
        ? { color: palette.model, width: 3, type: 'solid' }
        : policy === 'random'
          ? { color: palette.quiet, width: 2, type: [6, 4] }
          : { color: palette.modelSoft, width: 1.5, type: 'solid' };
    const drawn = policies.toSorted((a, b) => rankOf(a, chosen) - rankOf(b, chosen));
    return {
      animation: false,
      grid: { left: 64, right: 20, top: 16, bottom: 48 },
      tooltip: {
        ...tooltipOption(palette),
        trigger: 'axis',
        axisPointer: { type: 'line', lineStyle: { color: palette.quiet } },
        formatter: (points: { seriesName: string; value: [number, number] }[]) =>
          [
            `After ${points[0]!.value[0]} experiments`,
            ...points.map(({ seriesName, value }) => `${seriesName}: ${formatNumber(value[1], 4)}`),
          ].join('\n'),
      },
      xAxis: { ...axisOption(palette, 'experiments made', [0, policies[0]!.best.length]), min: 1 },
      yAxis: axisOption(palette, `best so far, ${target}`, undefined, 48),
      series: [
        ...policies
          .filter(({ policy }) => policy === chosen || policy === 'random')
          .map((policy) => bandOf(policy, policy.policy === chosen ? palette.model : palette.quiet)),
        ...drawn.map(({ policy, best }) => ({
          type: 'line',
          name: nameOf(policy),
          data: best.map((value, i) => [i + 1, value]),
          showSymbol: false,
          lineStyle: lookOf(policy),
          itemStyle: { color: lookOf(policy).color },
          z: policy === chosen ? 5 : 3,
        })),
      ],
    };
  }, [policies, chosen, nameOf, target, palette]);
  const words = policies.map(({ policy, best }) => `${nameOf(policy)} ${formatNumber(best.at(-1), 4)}`);
  return (
    <Chart
      option={option}
      height={360}
      label={`Best ${target} after ${policies[0]!.best.length} experiments: ${words.join(', ')}`}
    />
  );
}

/** Thin lines first, so that what matters lies on top. */
function rankOf({ policy }: Policy, chosen: Policy['policy']): number {
  return policy === chosen ? 2 : policy === 'random' ? 1 : 0;
}

interface DrawApi {
  coord(point: readonly number[]): [number, number];
}

/** The middle of the campaigns as one polygon; nothing for replays of former builds, which did not tell it. */
function bandOf({ bestLower = [], bestUpper = [] }: Policy, color: string) {
  const corners = [
    ...bestUpper.map((value, i) => [i + 1, value]),
    ...bestLower.map((value, i) => [i + 1, value]).reverse(),
  ];
  return {
    type: 'custom',
    silent: true,
    tooltip: { show: false },
    // One item draws the whole; all corners are given, so that the axis has room for them.
    data: corners,
    encode: { x: 0, y: 1 },
    renderItem: ({ dataIndexInside }: { dataIndexInside: number }, api: DrawApi) =>
      dataIndexInside > 0
        ? undefined
        : {
            type: 'polygon',
            shape: { points: corners.map((corner) => api.coord(corner)) },
            style: { fill: color, opacity: 0.16 },
          },
    z: 1,
  };
}
