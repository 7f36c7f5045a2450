import { useMemo } from 'react';
import { formatNumber } from '../numbers/formatNumber.ts';
import { axisOption, tooltipOption } from './axisOption.ts';
import { Chart } from './chart.tsx';
import { usePalette } from './palette.ts';

export interface TradeOffPoint {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

interface TradeOffPlotProps {
  readonly points: readonly TradeOffPoint[];
  /** Indices of the points that no other beats in both, along x; none where that has no meaning. */
  readonly front: readonly number[];
  /** What was measured so far. */
  readonly measured: readonly TradeOffPoint[];
  /** What was compared and not proposed; those that nothing compared beats are told apart. */
  readonly compared: readonly (TradeOffPoint & { readonly isOnFront: boolean })[];
  readonly chosen: number;
  readonly xName: string;
  readonly yName: string;
  readonly onPick: (index: number) => void;
}

/**
 * What has to be given up of one property for more of another: proposals, the best of them joined, the table, and behind
 * them what else was compared.
 */
export function TradeOffPlot(props: TradeOffPlotProps) {
  const { points, front, measured, compared, chosen, xName, yName, onPick } = props;
  const palette = usePalette();
  const option = useMemo(() => {
    const place = ({ x, y, name }: TradeOffPoint): { value: number[]; name: string } => ({
      value: [x, y],
      name,
    });
    return {
      animation: false,
      grid: { left: 64, right: 20, top: 16, bottom: 48 },
      tooltip: {
        ...tooltipOption(palette),
        trigger: 'item',
        formatter: ({ data }: { data: { value: number[]; name: string } }) =>
          `${data.name}\n${xName}: ${formatNumber(data.value[0], 4)}\n${yName}: ${formatNumber(data.value[1], 4)}`,
      },
      xAxis: axisOption(palette, xName),
      yAxis: axisOption(palette, yName, undefined, 48),
      series: [
        {
          type: 'scatter',
          data: points.map((point, i) => ({
            ...place(point),
            symbolSize: i === chosen ? 17 : 11,
            itemStyle: {
              color: palette.model,
              borderColor: i === chosen ? palette.measured : palette.surface,
              borderWidth: i === chosen ? 3 : 1,
            },
          })),
          z: 4,
        },
        {
          type: 'scatter',
          data: measured.map(place),
          symbolSize: 5,
          itemStyle: { color: palette.measured, opacity: measured.length > 400 ? 0.3 : 0.5 },
          z: 2,
        },
        {
          type: 'line',
          data: front.map((i) => [points[i]!.x, points[i]!.y]),
          symbol: 'none',
          silent: true,
          lineStyle: { color: palette.model, width: 1.5, type: 'dashed' },
          z: 3,
        },
        {
          type: 'scatter',
          data: compared.map((point) => ({
            ...place(point),
            symbolSize: point.isOnFront ? 4.5 : 3.5,
            itemStyle: point.isOnFront
              ? { color: palette.model, opacity: 0.8 }
              : { color: palette.quiet, opacity: 0.45 },
          })),
          z: 1,
        },
      ],
    };
  }, [points, front, measured, compared, chosen, xName, yName, palette]);
  return (
    <Chart
      option={option}
      height={400}
      renderer={compared.length > 0 ? 'canvas' : 'svg'}
      label={`${yName} against ${xName}, ${points.length} experiments`}
      onPick={(index, series) => {
        if (series === 0) onPick(index);
      }}
    />
  );
}
