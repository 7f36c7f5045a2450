import type { Coverage } from '@athanor/schema';
import { useMemo } from 'react';
import { axisOption, tooltipOption } from './axisOption.ts';
import { Chart } from './chart.tsx';
import { type Palette, usePalette } from './palette.ts';

/** How often measurements fell into intervals that promised a share: on the diagonal is honest. */
export function CalibrationPlot({
  coverage,
  height = 260,
}: {
  coverage: readonly Coverage[];
  height?: number;
}) {
  const palette = usePalette();
  const option = useMemo(() => optionOf(coverage, palette), [coverage, palette]);
  const words = coverage.map(
    ({ level, observed }) => `${percent(level)} promised, ${percent(observed)} seen`,
  );
  return <Chart option={option} height={height} label={`Coverage of intervals: ${words.join('; ')}.`} />;
}

function optionOf(coverage: readonly Coverage[], palette: Palette) {
  const points = [
    [0, 0],
    ...coverage.map(({ level, observed }) => [level * 100, observed * 100]),
    [100, 100],
  ];
  return {
    animation: false,
    grid: { left: 52, right: 16, top: 14, bottom: 46 },
    tooltip: {
      ...tooltipOption(palette),
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const entry = coverage[dataIndex - 1];
        if (entry === undefined) return '';
        return `${percent(entry.level)} intervals held ${percent(entry.observed)}\n(95 % sure of ${percent(entry.lower)} to ${percent(entry.upper)})`;
      },
    },
    xAxis: {
      ...axisOption(palette, 'promised (%)', [0, 100], 28),
      axisLabel: { color: palette.dimmed, fontSize: 11 },
    },
    yAxis: {
      ...axisOption(palette, 'observed (%)', [0, 100], 36),
      axisLabel: { color: palette.dimmed, fontSize: 11 },
    },
    series: [
      {
        type: 'custom',
        silent: true,
        data: coverage.map(({ level, lower, upper }) => [level * 100, lower * 100, upper * 100]),
        encode: { x: 0, y: [1, 2] },
        renderItem: (
          _: unknown,
          api: { value(dimension: number): number; coord(point: number[]): [number, number] },
        ) => {
          const [x, y1] = api.coord([api.value(0), api.value(1)]);
          const [, y2] = api.coord([api.value(0), api.value(2)]);
          return {
            type: 'line',
            shape: { x1: x, y1, x2: x, y2 },
            style: { stroke: palette.modelSoft, lineWidth: 7, lineCap: 'round' },
          };
        },
      },
      {
        type: 'line',
        data: points,
        lineStyle: { color: palette.model, width: 2 },
        itemStyle: { color: palette.model },
        symbol: (_: unknown, { dataIndex }: { dataIndex: number }) =>
          dataIndex === 0 || dataIndex === points.length - 1 ? 'none' : 'circle',
        symbolSize: 7,
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          label: { show: false },
          lineStyle: { color: palette.quiet, type: [5, 4], width: 1 },
          data: [[{ coord: [0, 0] }, { coord: [100, 100] }]],
        },
      },
    ],
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0.99 && share < 1 ? 1 : 0)} %`;
}
