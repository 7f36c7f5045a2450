import { formatNumber } from '../numbers/formatNumber.ts';
import { niceLevels } from './niceLevels.ts';

interface ColorLegendProps {
  readonly colors: readonly string[];
  readonly low: number;
  readonly high: number;
  readonly title: string;
}

/** What the colours of a map mean. */
export function ColorLegend({ colors, low, high, title }: ColorLegendProps) {
  const place = (value: number): number => ((value - low) / (high - low || 1)) * 100;
  return (
    <div style={{ maxWidth: 420, fontSize: '0.75rem' }} className="numeric">
      <div style={{ color: 'var(--mantine-color-dimmed)', marginBottom: 4 }}>{title}</div>
      <div
        style={{ height: 10, borderRadius: 5, background: `linear-gradient(to right, ${colors.join(', ')})` }}
      />
      <div style={{ position: 'relative', height: 18 }}>
        {niceLevels(low, high, 6).map((value) => (
          <span
            key={value}
            style={{ position: 'absolute', left: `${place(value)}%`, transform: 'translateX(-50%)' }}
          >
            {formatNumber(value, 4, { isExact: true })}
          </span>
        ))}
      </div>
    </div>
  );
}
