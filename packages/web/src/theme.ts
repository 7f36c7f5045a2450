import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The green-blue of the page: what can be pressed, and what a model says. */
const kiln: MantineColorsTuple = [
  '#e8f5f5',
  '#d2e8e9',
  '#a5d2d3',
  '#76bbbd',
  '#4fa8aa',
  '#33999c',
  '#1f8b8f',
  '#10797d',
  '#0c676b',
  '#065457',
];

/** The orange of the fire: what was measured, and what deserves a look. */
const ember: MantineColorsTuple = [
  '#fff1e6',
  '#fde2ce',
  '#f8c49f',
  '#f3a46d',
  '#ee8943',
  '#eb7828',
  '#d9651a',
  '#b9510f',
  '#984108',
  '#783203',
];

/** Cool greys with enough contrast for small text. */
const gray: MantineColorsTuple = [
  '#f6f8f9',
  '#eef1f3',
  '#e2e7ea',
  '#d0d7dc',
  '#b3bdc4',
  '#87939c',
  '#5f6b75',
  '#47525b',
  '#2f3941',
  '#1a2229',
];

const dark: MantineColorsTuple = [
  '#d5dde2',
  '#b7c1c8',
  '#98a4ad',
  '#6d7a84',
  '#3d4952',
  '#2e3840',
  '#1d252b',
  '#161d22',
  '#10161a',
  '#0b1013',
];

export const theme = createTheme({
  primaryColor: 'kiln',
  primaryShade: { light: 8, dark: 8 },
  colors: { kiln, ember, gray, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.84375rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.1875rem', lineHeight: '1.3' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
});

/** Greys for text that stay readable (at least 4.5 to 1) on every ground of the page. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f7f8f8',
    '--mantine-color-text': '#1a2229',
    '--mantine-color-dimmed': '#56626c',
    '--mantine-color-placeholder': '#66727c',
    '--mantine-color-anchor': '#0c676b',
    '--mantine-color-default-color': '#1a2229',
    '--mantine-color-error': '#b42318',
    '--page-surface': '#ffffff',
    '--page-line': '#e2e7ea',
    '--page-model': '#0c676b',
    '--page-model-soft': '#a5d2d3',
    '--page-measured': '#b9510f',
    '--page-ink': '#2f3941',
    '--page-quiet': '#87939c',
  },
  dark: {
    '--mantine-color-body': '#10161a',
    '--mantine-color-text': '#dfe6ea',
    '--mantine-color-dimmed': '#9fabb4',
    '--mantine-color-placeholder': '#8b98a2',
    '--mantine-color-anchor': '#76bbbd',
    '--mantine-color-error': '#ff9a8f',
    '--page-surface': '#171f24',
    '--page-line': '#2e3840',
    '--page-model': '#4fb3b6',
    '--page-model-soft': '#1d5a5d',
    '--page-measured': '#f3a46d',
    '--page-ink': '#d5dde2',
    '--page-quiet': '#6d7a84',
  },
});
