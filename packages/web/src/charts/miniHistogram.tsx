interface MiniHistogramProps {
  readonly bins: readonly { readonly lower: number; readonly upper: number; readonly count: number }[];
  readonly color: string;
  readonly height?: number;
  readonly label: string;
}

/** The shape of a column at a glance. */
export function MiniHistogram({ bins, color, height = 46, label }: MiniHistogramProps) {
  const most = bins.reduce((max, { count }) => Math.max(max, count), 1);
  const low = bins[0]?.lower ?? 0;
  const span = (bins.at(-1)?.upper ?? 1) - low || 1;
  return (
    <svg
      viewBox={`0 0 200 ${height}`}
      width="100%"
      height={height}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {bins.map(({ lower, upper, count }, index) => {
        const x = ((lower - low) / span) * 200;
        const width = Math.max(1, ((upper - lower) / span) * 200 - 1.2);
        const tall = count === 0 ? 0 : Math.max(1.5, (count / most) * (height - 2));
        return <rect key={index} x={x} y={height - tall} width={width} height={tall} fill={color} rx={0.8} />;
      })}
    </svg>
  );
}
