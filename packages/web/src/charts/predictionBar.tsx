import type { ColumnProfile, Prediction } from '@athanor/schema';
import { formatNumber } from '../numbers/formatNumber.ts';

interface PredictionBarProps {
  readonly prediction: Prediction;
  readonly profile: ColumnProfile | undefined;
}

const width = 400;
const height = 74;

/** A prediction with its interval over what has been measured so far. */
export function PredictionBar({ prediction, profile }: PredictionBarProps) {
  const { mean, interval } = prediction;
  const bins = profile?.histogram ?? [];
  const low = Math.min(bins[0]?.lower ?? interval.lower, interval.lower);
  const high = Math.max(bins.at(-1)?.upper ?? interval.upper, interval.upper);
  const x = (value: number): number => 6 + ((value - low) / (high - low || 1)) * (width - 12);
  const most = bins.reduce((max, { count }) => Math.max(max, count), 1);
  const base = height - 26;
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      role="img"
      aria-label={`Between ${formatNumber(interval.lower)} and ${formatNumber(interval.upper)}, over what was measured`}
      style={{ display: 'block', maxWidth: 480 }}
    >
      {bins.map(({ lower, upper, count }, index) => {
        const tall = (count / most) * (base - 6);
        return (
          <rect
            key={index}
            x={x(lower)}
            y={base - tall}
            width={Math.max(1, x(upper) - x(lower) - 1)}
            height={tall}
            fill="var(--page-measured)"
            opacity={0.28}
          />
        );
      })}
      <line x1={6} x2={width - 6} y1={base} y2={base} stroke="var(--page-quiet)" />
      <rect
        x={x(interval.lower)}
        y={base - 5}
        width={Math.max(2, x(interval.upper) - x(interval.lower))}
        height={10}
        rx={5}
        fill="var(--page-model)"
        opacity={0.45}
      />
      <circle
        cx={x(mean)}
        cy={base}
        r={6.5}
        fill="var(--page-model)"
        stroke="var(--page-surface)"
        strokeWidth={2}
      />
      <text x={6} y={height - 4} className="axisText">
        {formatNumber(low)}
      </text>
      <text x={width - 6} y={height - 4} textAnchor="end" className="axisText">
        {formatNumber(high)}
      </text>
    </svg>
  );
}
