import type { CellValue } from '@athanor/schema';
import { useMemo } from 'react';
import { formatNumber } from '../numbers/formatNumber.ts';
import { Chart } from './chart.tsx';
import { usePalette } from './palette.ts';

interface ParallelPlotProps {
  readonly axes: readonly string[];
  /** [n][axes] */
  readonly rows: readonly (readonly CellValue[])[];
  /** Row to draw bold; -1 for none. */
  readonly chosen: number;
  /** How many of the last axes are targets. */
  readonly targets: number;
}

/** Points of many dimensions as lines; drag along an axis to keep those that pass there. */
export function ParallelPlot({ axes, rows, chosen, targets }: ParallelPlotProps) {
  const palette = usePalette();
  const option = useMemo(
    () => ({
      animation: false,
      parallelAxis: axes.map((name, dim) => {
        const isText = rows.some((row) => typeof row[dim] === 'string');
        return {
          dim,
          name,
          nameGap: 12,
          nameTextStyle: {
            color: dim >= axes.length - targets ? palette.measured : palette.text,
            fontSize: 11,
            width: 110,
            overflow: 'truncate',
          },
          axisLine: { lineStyle: { color: palette.quiet } },
          axisLabel: {
            color: palette.dimmed,
            fontSize: 10,
            ...(isText ? {} : { formatter: (value: number) => formatNumber(value, 3, { isExact: true }) }),
          },
          ...(isText
            ? { type: 'category', data: [...new Set(rows.map((row) => String(row[dim] ?? '–')))] }
            : { type: 'value', scale: true }),
        };
      }),
      parallel: {
        left: 44,
        right: 70,
        top: 34,
        bottom: 20,
        axisExpandable: axes.length > 14,
        axisExpandCount: 12,
      },
      series: [
        {
          type: 'parallel',
          lineStyle: { width: 1.4, opacity: 0.55, color: palette.model },
          progressive: 2000,
          data: rows.map((row, index) => ({
            value: row.map((cell) => (typeof cell === 'boolean' ? String(cell) : (cell ?? '-'))),
            ...(index === chosen ? { lineStyle: { width: 3.5, opacity: 1, color: palette.measured } } : {}),
          })),
        },
      ],
    }),
    [axes, rows, chosen, targets, palette],
  );
  return (
    <Chart
      option={option}
      height={340}
      renderer="canvas"
      label={`${rows.length} experiments over ${axes.join(', ')}`}
    />
  );
}
