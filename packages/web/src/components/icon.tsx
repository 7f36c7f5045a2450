/** Outlines on a grid of 20, drawn with the colour of the text. */
const shapes = {
  start: 'M3 9.5 10 4l7 5.5M5 8.500V16h10V8.5',
  table: 'M3 4.500h14v11H3zM3 8.500h14M8 4.500v11',
  session: 'M8 3h4M9 3v5.2L4.6 15.4A1.1 1.1 0 0 0 5.5 17h9a1.1 1.1 0 0 0 .9-1.6L11 8.2V3M6.8 12.2h6.4',
  model: 'M10 3l6 3.500v7L10 17l-6-3.500v-7zM10 10l6-3.500M10 10v7M10 10 4 6.5',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l2.5 2',
  jobs: 'M4 5.500h12M4 10h8M4 14.500h5M14 12.5v5M11.5 15h5',
  user: 'M10 10.500a3.2 3.2 0 1 0 0-6.400 3.2 3.2 0 0 0 0 6.400zM4 16.500c.8-3 3.2-4.2 6-4.200s5.200 1.200 6 4.200',
  search: 'M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  upload: 'M10 13.500V4M6 7.5 10 3.500l4 4M3.5 13v3.500h13V13',
  sun: 'M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM10 2.500v1.500M10 16v1.500M2.5 10H4M16 10h1.500M4.700 4.700l1.1 1.1M14.200 14.200l1.1 1.1M4.700 15.300l1.1-1.1M14.200 5.800l1.1-1.1',
  moon: 'M16 11.500A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.500z',
  code: 'M7 6 3 10l4 4M13 6l4 4-4 4',
  warning: 'M10 3.5 17.5 16.500h-15zM10 8.500v3.500M10 14.300v.2',
  remark: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.500v4M10 6.600v.1',
  check: 'M4 10.5 8 14.5 16 6',
  cross: 'M5 5l10 10M15 5 5 15',
  more: 'M5 10h.010M10 10h.010M15 10h.010',
  lock: 'M5.5 9.500h9v7h-9zM7.5 9.500V7a2.5 2.5 0 0 1 5 0v2.5',
  unlock: 'M5.5 9.500h9v7h-9zM7.5 9.500V6.500a2.5 2.5 0 0 1 4.800-1',
  download: 'M10 3.500V13M6 9.500l4 4 4-4M3.5 13v3.500h13V13',
  link: 'M8.5 11.500l3-3M7.5 9 5.300 11.200a2.5 2.5 0 0 0 3.5 3.500L11 12.500M12.5 11l2.200-2.200a2.5 2.5 0 0 0-3.5-3.500L9 7.5',
  star: 'M10 3.300l2 4.300 4.700.6-3.5 3.200.9 4.600L10 13.700 5.900 16l.9-4.600L3.300 8.2 8 7.600z',
  back: 'M12.5 4.5 7 10l5.5 5.5',
  edit: 'M4 16l.8-3.400L13 4.400l2.600 2.600-8.2 8.2z',
  exit: 'M12 4H4.500v12H12M8.5 10H17M14 7l3 3-3 3',
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
