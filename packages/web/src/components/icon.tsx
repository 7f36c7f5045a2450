/** Outlines on a grid of 20, drawn with the colour of the text. */
const shapes = {
  start: 'M3 9.5 10 4l7 5.500M5 8.500V16h10V8.500',
  table: 'M3 4.500h14v11H3zM3 8.500h14M8 4.500v11',
  session: 'M10 3 16.500 16H3.500zM10 8v4',
  model: 'M10 3l6 3.500v7L10 17l-6-3.500v-7zM10 10l6-3.500M10 10v7M10 10 4 6.500',
  search: 'M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM13 13l4 4',
  upload: 'M10 13.500V4M6 7.500 10 3.500l4 4M3.500 13v3.500h13V13',
  sun: 'M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM10 2.500v1.500M10 16v1.500M2.500 10H4M16 10h1.500M4.700 4.700l1.100 1.100M14.200 14.200l1.100 1.100M4.700 15.300l1.100-1.100M14.200 5.800l1.100-1.100',
  moon: 'M16 11.500A6.500 6.500 0 0 1 8.500 4a6.500 6.500 0 1 0 7.500 7.500z',
  code: 'M7 6 3 10l4 4M13 6l4 4-4 4',
  warning: 'M10 3.500 17.500 16.500h-15zM10 8.500v3.500M10 14.300v.2',
  check: 'M4 10.500 8 14.500 16 6',
  cross: 'M5 5l10 10M15 5 5 15',
  more: 'M5 10h.010M10 10h.010M15 10h.010',
  lock: 'M5.500 9.500h9v7h-9zM7.500 9.500V7a2.500 2.500 0 0 1 5 0v2.500',
  unlock: 'M5.500 9.500h9v7h-9zM7.500 9.500V6.500a2.500 2.500 0 0 1 4.800-1',
  download: 'M10 3.500V13M6 9.500l4 4 4-4M3.500 13v3.500h13V13',
  link: 'M8.500 11.500l3-3M7.500 9 5.300 11.200a2.500 2.500 0 0 0 3.500 3.500L11 12.500M12.500 11l2.200-2.200a2.500 2.500 0 0 0-3.500-3.500L9 7.500',
  star: 'M10 3.300l2 4.300 4.700.6-3.500 3.200.9 4.600L10 13.700 5.900 16l.9-4.600L3.300 8.200 8 7.600z',
  back: 'M12.500 4.500 7 10l5.500 5.500',
  edit: 'M4 16l.8-3.400L13 4.400l2.600 2.600-8.200 8.200z',
  exit: 'M12 4H4.500v12H12M8.500 10H17M14 7l3 3-3 3',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.6 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      <path d={shapes[name]} />
    </svg>
  );
}
