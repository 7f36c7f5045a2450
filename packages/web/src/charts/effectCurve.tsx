import type { CellValue, Prediction } from '@athanor/schema';
import { useId } from 'react';
import { formatNumber } from '../numbers/formatNumber.ts';

interface EffectCurveProps {
  readonly name: string;
  readonly unit: string | null;
  readonly values: readonly CellValue[];
  readonly predictions: readonly Prediction[];
  readonly current: CellValue | undefined;
  /** Common to all curves, so that they compare. */
  readonly heights: readonly [number, number];
  readonly onPick: (value: CellValue) => void;
}

const width = 260;
const height = 150;
const frame = { left: 40, right: 10, top: 8, bottom: 24 };

/** What the target does along one input: the line, its interval, and where we are. Press to go there. */
export function EffectCurve({ name, unit, values, predictions, current, heights, onPick }: EffectCurveProps) {
  const clip = useId();
  const isNumeric = typeof values[0] === 'number';
  const first = isNumeric ? Number(values[0]) : -0.5;
  const last = isNumeric ? Number(values.at(-1)) : values.length - 0.5;
  const x = (value: number): number =>
    frame.left + ((value - first) / (last - first || 1)) * (width - frame.left - frame.right);
  const y = (value: number): number => {
    const share = (value - heights[0]) / (heights[1] - heights[0] || 1);
    return height - frame.bottom - share * (height - frame.top - frame.bottom);
  };
  const across = values.map((value, i) => x(isNumeric ? Number(value) : i));
  const line = predictions.map(({ mean }, i) => `${across[i]!.toFixed(1)},${y(mean).toFixed(1)}`);
  const up = predictions.map(({ interval }, i) => `${across[i]!.toFixed(1)},${y(interval.upper).toFixed(1)}`);
  const down = predictions.map(
    ({ interval }, i) => `${across[i]!.toFixed(1)},${y(interval.lower).toFixed(1)}`,
  );
  const here = isNumeric ? x(Number(current ?? first)) : across[values.indexOf(current ?? null)];
  const press = (clientX: number, element: SVGSVGElement): void => {
    const box = element.getBoundingClientRect();
    const at = ((clientX - box.left) / box.width) * width;
    if (isNumeric) {
      const share = (at - frame.left) / (width - frame.left - frame.right);
      onPick(first + Math.min(1, Math.max(0, share)) * (last - first));
      return;
    }
    let nearest = 0;
    across.forEach((place, i) => {
      if (Math.abs(place - at) < Math.abs(across[nearest]! - at)) nearest = i;
    });
    onPick(values[nearest]!);
  };
  const means = predictions.map(({ mean }) => mean);
  return (
    <figure style={{ margin: 0, minWidth: 0 }}>
      <figcaption style={{ fontSize: '0.8125rem', fontWeight: 600, overflowWrap: 'anywhere' }}>
        {name}
        {unit !== null && unit !== '' && (
          <span style={{ fontWeight: 400, color: 'var(--mantine-color-dimmed)' }}> {unit}</span>
        )}
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        role="img"
        aria-label={`Along ${name} the prediction goes from ${formatNumber(Math.min(...means))} to ${formatNumber(Math.max(...means))}`}
        style={{ display: 'block', cursor: 'crosshair' }}
        onClick={(event) => press(event.clientX, event.currentTarget)}
      >
        {[heights[0], heights[1]].map((value) => (
          <g key={value}>
            <line
              x1={frame.left}
              x2={width - frame.right}
              y1={y(value)}
              y2={y(value)}
              stroke="var(--page-line)"
            />
            <text x={frame.left - 5} y={y(value) + 3.5} textAnchor="end" className="axisText">
              {formatNumber(value)}
            </text>
          </g>
        ))}
        <clipPath id={clip}>
          <rect
            x={frame.left}
            y={frame.top}
            width={width - frame.left - frame.right}
            height={height - frame.top - frame.bottom}
          />
        </clipPath>
        {isNumeric ? (
          <g clipPath={`url(#${clip})`}>
            <polygon
              points={[...up, ...down.toReversed()].join(' ')}
              fill="var(--page-model-soft)"
              opacity={0.45}
            />
            <polyline
              points={line.join(' ')}
              fill="none"
              stroke="var(--page-model)"
              strokeWidth={2}
              strokeLinejoin="round"
            />
          </g>
        ) : (
          predictions.map(({ mean, interval }, i) => (
            <g key={i}>
              <line
                x1={across[i]}
                x2={across[i]}
                y1={y(Math.max(heights[0], interval.lower))}
                y2={y(Math.min(heights[1], interval.upper))}
                stroke="var(--page-model-soft)"
                strokeWidth={6}
                strokeLinecap="round"
              />
              <circle cx={across[i]} cy={y(mean)} r={4} fill="var(--page-model)" />
            </g>
          ))
        )}
        {here !== undefined && (
          <line
            x1={here}
            x2={here}
            y1={frame.top}
            y2={height - frame.bottom}
            stroke="var(--page-measured)"
            strokeWidth={1.5}
          />
        )}
        {isNumeric ? (
          <>
            <text x={frame.left} y={height - 8} className="axisText">
              {exact(first)}
            </text>
            <text x={width - frame.right} y={height - 8} textAnchor="end" className="axisText">
              {exact(last)}
            </text>
          </>
        ) : (
          values.map((value, i) => (
            <text key={i} x={across[i]} y={height - 8} textAnchor="middle" className="axisText">
              {String(value).slice(0, Math.max(3, Math.floor(36 / values.length)))}
            </text>
          ))
        )}
      </svg>
    </figure>
  );
}

function exact(value: number): string {
  return formatNumber(value, 4, { isExact: true });
}
