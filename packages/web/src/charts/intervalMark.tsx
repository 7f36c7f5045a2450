import type { Prediction } from '@athanor/schema';

interface IntervalMarkProps {
  readonly prediction: Prediction;
  /** What was measured of the target so far. */
  readonly measured: { readonly min: number; readonly max: number } | null;
  /** Common to all marks of a target, so that they compare. */
  readonly scale: readonly [low: number, high: number];
}

const width = 96;
const height = 12;

/** An interval in a table cell: the mean as a dot, over the range that was measured. Its numbers stand beside it. */
export function IntervalMark({ prediction, measured, scale }: IntervalMarkProps) {
  const [low, high] = scale;
  const x = (value: number): number =>
    4 + Math.min(1, Math.max(0, (value - low) / (high - low || 1))) * (width - 8);
  const { mean, interval } = prediction;
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
      className="intervalMark"
    >
      {measured !== null && (
        <rect
          x={x(measured.min)}
          y={1}
          width={Math.max(1, x(measured.max) - x(measured.min))}
          height={height - 2}
          fill="var(--page-measured)"
          opacity={0.16}
        />
      )}
      <line
        x1={x(interval.lower)}
        x2={x(interval.upper)}
        y1={6}
        y2={6}
        stroke="var(--page-model)"
        strokeWidth={3}
        opacity={0.55}
        strokeLinecap="round"
      />
      <circle cx={x(mean)} cy={6} r={3.5} fill="var(--page-model)" />
    </svg>
  );
}
