import type { OutOfFoldPredictions } from '@athanor/schema';
import { useMemo } from 'react';
import { formatNumber } from '../numbers/formatNumber.ts';
import { axisOption, tooltipOption } from './axisOption.ts';
import { Chart } from './chart.tsx';
import { type Palette, usePalette } from './palette.ts';
import { withUnit } from './withUnit.ts';

interface ParityPlotProps {
  readonly data: OutOfFoldPredictions;
  /** Measured against predicted, or what is left over. */
  readonly view: 'parity' | 'residuals';
  readonly height?: number;
  /** Called with the 1-based row of the table. */
  readonly onPick?: (row: number) => void;
}

/** Beyond this many points the bars of intervals only blacken the picture. */
const maxBars = 2500;

/** Each row as it was predicted while it was held out. Filled orange: measured outside its interval. */
export function ParityPlot({ data, view, height = 400, onPick }: ParityPlotProps) {
  const palette = usePalette();
  const option = useMemo(() => optionOf(data, view, palette), [data, view, palette]);
  const outside = data.measured.filter((y, i) => isOutside(data, i, y)).length;
  return (
    <Chart
      option={option}
      height={height}
      renderer={data.rows.length > 600 ? 'canvas' : 'svg'}
      label={
        `${view === 'parity' ? 'Predicted against measured' : 'Residuals of'} ${data.target}, ${data.rows.length} rows; ` +
        `${outside} were measured outside their ${Math.round(data.level * 100)} % interval.`
      }
      {...(onPick === undefined ? {} : { onPick: (index: number) => onPick(data.rows[index]!) })}
    />
  );
}

function isOutside(data: OutOfFoldPredictions, i: number, y: number): boolean {
  return y < data.lower[i]! || y > data.upper[i]!;
}

function optionOf(data: OutOfFoldPredictions, view: ParityPlotProps['view'], palette: Palette) {
  const { measured, mean, lower, upper, rows } = data;
  const isParity = view === 'parity';
  const offset = (i: number): number => (isParity ? 0 : mean[i]!);
  const across = (i: number): number => (isParity ? measured[i]! : mean[i]!);
  const up = (i: number): number => (isParity ? mean[i]! : measured[i]! - mean[i]!);
  const points = rows.map((_, i) => [across(i), up(i)]);
  const bars = rows.map((_, i) => [across(i), lower[i]! - offset(i), upper[i]! - offset(i)]);
  const ends = isParity ? extent([...measured, ...mean]) : extent(mean);
  const shownBars = rows.length <= maxBars ? bars : [];
  const unit = withUnit('', data.unit).trim();
  const heights = isParity ? ends : symmetric(points.map((point) => point[1]!));
  const line = isParity
    ? [{ coord: [ends[0], ends[0]] }, { coord: [ends[1], ends[1]] }]
    : [{ coord: [ends[0], 0] }, { coord: [ends[1], 0] }];
  return {
    animation: false,
    grid: { left: 62, right: 16, top: 14, bottom: 50 },
    tooltip: {
      ...tooltipOption(palette),
      trigger: 'item',
      formatter: ({ dataIndex: i }: { dataIndex: number }) =>
        [
          `Row ${rows[i]}`,
          `measured ${formatNumber(measured[i], 4)} ${unit}`,
          `predicted ${formatNumber(mean[i], 4)} ${unit}`,
          `${Math.round(data.level * 100)} % between ${formatNumber(lower[i], 3)} and ${formatNumber(upper[i], 3)}`,
        ].join('\n'),
    },
    xAxis: axisOption(palette, withUnit(isParity ? 'measured' : 'predicted', data.unit), ends),
    yAxis: axisOption(
      palette,
      withUnit(isParity ? 'predicted, held out' : 'measured − predicted', data.unit),
      heights,
      46,
    ),
    series: [
      {
        type: 'custom',
        data: shownBars,
        silent: true,
        clip: true,
        z: 1,
        encode: { x: 0, y: [1, 2] },
        renderItem: (_: unknown, api: CustomApi) => {
          const [x, y1] = api.coord([api.value(0), api.value(1)]);
          const [, y2] = api.coord([api.value(0), api.value(2)]);
          const style = { stroke: palette.modelSoft, lineWidth: 1, opacity: rows.length > 300 ? 0.5 : 0.85 };
          return { type: 'line', shape: { x1: x, y1, x2: x, y2 }, style };
        },
      },
      {
        type: 'scatter',
        data: points,
        symbolSize: rows.length > 300 ? 5 : 7,
        z: 2,
        itemStyle: {
          color: ({ dataIndex: i }: { dataIndex: number }) =>
            isOutside(data, i, measured[i]!) ? palette.measured : palette.model,
          opacity: rows.length > 300 ? 0.75 : 0.9,
        },
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          label: { show: false },
          lineStyle: { color: palette.quiet, type: [5, 4], width: 1 },
          data: [line],
        },
      },
    ],
  };
}

interface CustomApi {
  value(dimension: number): number;
  coord(point: readonly number[]): [number, number];
}

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const margin = (high - low || Math.abs(high) || 1) * 0.04;
  return [low - margin, high + margin];
}

function symmetric(values: readonly number[]): [number, number] {
  const most = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0) * 1.08 || 1;
  return [-most, most];
}
