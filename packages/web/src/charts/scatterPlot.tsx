import { useMemo } from 'react';
import { formatNumber } from '../numbers/formatNumber.ts';
import { axisOption, tooltipOption } from './axisOption.ts';
import { Chart } from './chart.tsx';
import { usePalette } from './palette.ts';

interface ScatterPlotProps {
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  readonly xName: string;
  readonly yName: string;
  /** Whether y is what was measured. */
  readonly isTarget: boolean;
  readonly height?: number;
}

/** Two columns against each other, a point a row. */
export function ScatterPlot({ x, y, xName, yName, isTarget, height = 420 }: ScatterPlotProps) {
  const palette = usePalette();
  const option = useMemo(() => {
    const points = x.flatMap((value, i) => {
      const other = y[i] ?? null;
      return value === null || other === null ? [] : [[value, other, i + 1]];
    });
    return {
      animation: false,
      grid: { left: 64, right: 16, top: 14, bottom: 48 },
      tooltip: {
        ...tooltipOption(palette),
        trigger: 'item',
        formatter: ({ data }: { data: number[] }) =>
          `Row ${data[2]}\n${xName}: ${formatNumber(data[0], 4)}\n${yName}: ${formatNumber(data[1], 4)}`,
      },
      xAxis: axisOption(palette, xName),
      yAxis: axisOption(palette, yName, undefined, 48),
      series: [
        {
          type: 'scatter',
          data: points,
          symbolSize: points.length > 500 ? 5 : 7,
          large: points.length > 5000,
          itemStyle: {
            color: isTarget ? palette.measured : palette.model,
            opacity: points.length > 500 ? 0.5 : 0.75,
          },
        },
      ],
    };
  }, [x, y, xName, yName, isTarget, palette]);
  return (
    <Chart
      option={option}
      height={height}
      renderer={x.length > 600 ? 'canvas' : 'svg'}
      label={`${yName} against ${xName}`}
    />
  );
}
