import { formatNumber } from '../numbers/formatNumber.ts';
import type { Palette } from './palette.ts';

/** An axis of numbers as all charts of the page draw it. */
export function axisOption(
  palette: Palette,
  name: string,
  range?: readonly [number, number],
  gap = 30,
): Record<string, unknown> {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: gap,
    nameTextStyle: { color: palette.dimmed, fontSize: 12 },
    scale: true,
    ...(range === undefined ? {} : { min: range[0], max: range[1] }),
    axisLine: { show: true, onZero: false, lineStyle: { color: palette.quiet } },
    axisTick: { show: true, lineStyle: { color: palette.quiet }, length: 4 },
    axisLabel: {
      color: palette.dimmed,
      fontSize: 11,
      hideOverlap: true,
      // Ends of a given range are rarely round numbers.
      showMinLabel: range === undefined ? null : false,
      showMaxLabel: range === undefined ? null : false,
      formatter: (value: number) => formatNumber(value, 4, { isExact: true }),
    },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

/** Hints drawn inside the chart, never as HTML: names of columns come from files. */
export function tooltipOption(palette: Palette): Record<string, unknown> {
  return {
    renderMode: 'richText',
    confine: true,
    backgroundColor: palette.surface,
    borderColor: palette.quiet,
    textStyle: {
      color: palette.text,
      fontSize: 12,
      fontFamily: 'Inter Variable, sans-serif',
      lineHeight: 18,
    },
  };
}
