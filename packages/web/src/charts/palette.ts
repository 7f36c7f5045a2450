import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';

/** The colours of pictures, those of the page at this light. */
export interface Palette {
  readonly isDark: boolean;
  readonly text: string;
  readonly dimmed: string;
  readonly line: string;
  readonly surface: string;
  /** What a model says. */
  readonly model: string;
  readonly modelSoft: string;
  /** What was measured. */
  readonly measured: string;
  readonly quiet: string;
  /** From low to high, readable in print and by people who see red and green alike. */
  readonly scale: readonly string[];
  /** From -1 over 0 to 1. */
  readonly diverging: readonly string[];
}

const light: Palette = {
  isDark: false,
  text: '#1a2229',
  dimmed: '#56626c',
  line: '#e2e7ea',
  surface: '#ffffff',
  model: '#0c676b',
  modelSoft: '#a5d2d3',
  measured: '#b9510f',
  quiet: '#87939c',
  scale: ['#f3f7f2', '#cfe6d9', '#97cdc2', '#58adab', '#238891', '#0d5f70', '#093a4d'],
  diverging: ['#b9510f', '#eeb287', '#f6f4f1', '#8fc4c6', '#0c676b'],
};

const dark: Palette = {
  isDark: true,
  text: '#dfe6ea',
  dimmed: '#9fabb4',
  line: '#2e3840',
  surface: '#171f24',
  model: '#4fb3b6',
  modelSoft: '#1d5a5d',
  measured: '#f3a46d',
  quiet: '#6d7a84',
  scale: ['#12262c', '#124048', '#16606a', '#248489', '#52a9a5', '#95cdbf', '#e0f0dc'],
  diverging: ['#f3a46d', '#8f5a34', '#20292f', '#2f7679', '#76c6c8'],
};

export function usePalette(): Palette {
  const scheme = useComputedColorScheme('light');
  return useMemo(() => (scheme === 'dark' ? dark : light), [scheme]);
}
