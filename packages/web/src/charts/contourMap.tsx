import { useEffect, useRef } from 'react';
import { formatNumber } from '../numbers/formatNumber.ts';
import { colorAt } from './colorAt.ts';
import { contourLines } from './contourLines.ts';
import { niceLevels } from './niceLevels.ts';
import { usePalette } from './palette.ts';

interface ContourMapProps {
  /** [ny][nx], null where nothing can be made. Rows from low to high. */
  readonly field: readonly (readonly (number | null)[])[];
  readonly low: number;
  readonly high: number;
  readonly x: MapAxis;
  readonly y: MapAxis;
  /** Where we are. */
  readonly here: readonly [number, number];
  readonly label: string;
  readonly onPick: (x: number, y: number) => void;
}

export interface MapAxis {
  readonly name: string;
  readonly lower: number;
  readonly upper: number;
}

const size = { width: 520, height: 420 };
const frame = { left: 62, right: 12, top: 10, bottom: 46 };
const inner = {
  width: size.width - frame.left - frame.right,
  height: size.height - frame.top - frame.bottom,
};

/** A target over two inputs: colours, lines of equal value, and the point where we are. Press to go there. */
export function ContourMap({ field, low, high, x, y, here, label, onPick }: ContourMapProps) {
  const palette = usePalette();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [ny, nx] = [field.length, field[0]?.length ?? 0];
  useEffect(() => {
    paint(canvas.current!, field, (value) => colorAt(palette.scale, (value - low) / (high - low || 1)));
  }, [field, low, high, palette]);

  const px = (value: number): number =>
    frame.left + ((value - x.lower) / (x.upper - x.lower || 1)) * inner.width;
  const py = (value: number): number =>
    frame.top + inner.height - ((value - y.lower) / (y.upper - y.lower || 1)) * inner.height;
  const levels = niceLevels(low, high, 7);
  const place = (gx: number, gy: number): string =>
    `${(frame.left + (gx / (nx - 1)) * inner.width).toFixed(1)},${(frame.top + inner.height - (gy / (ny - 1)) * inner.height).toFixed(1)}`;
  const press = (clientX: number, clientY: number, element: SVGSVGElement): void => {
    const box = element.getBoundingClientRect();
    const atX = ((clientX - box.left) / box.width) * size.width - frame.left;
    const atY = ((clientY - box.top) / box.height) * size.height - frame.top;
    const share = (value: number): number => Math.min(1, Math.max(0, value));
    onPick(
      x.lower + share(atX / inner.width) * (x.upper - x.lower),
      y.lower + share(1 - atY / inner.height) * (y.upper - y.lower),
    );
  };
  return (
    <div style={{ position: 'relative', maxWidth: 640 }}>
      <canvas
        ref={canvas}
        style={{
          position: 'absolute',
          left: `${(frame.left / size.width) * 100}%`,
          top: `${(frame.top / size.height) * 100}%`,
          width: `${(inner.width / size.width) * 100}%`,
          height: `${(inner.height / size.height) * 100}%`,
          transform: 'scaleY(-1)',
        }}
      />
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        width="100%"
        role="img"
        aria-label={label}
        style={{ display: 'block', position: 'relative', cursor: 'crosshair' }}
        onClick={(event) => press(event.clientX, event.clientY, event.currentTarget)}
      >
        <rect
          x={frame.left}
          y={frame.top}
          width={inner.width}
          height={inner.height}
          fill="none"
          stroke="var(--page-quiet)"
        />
        {levels.map((level) => (
          <path
            key={level}
            d={contourLines(field, level)
              .map(([x1, y1, x2, y2]) => `M${place(x1, y1)}L${place(x2, y2)}`)
              .join('')}
            stroke={palette.text}
            strokeOpacity={0.45}
            strokeWidth={1}
            fill="none"
          >
            <title>{formatNumber(level, 4, { isExact: true })}</title>
          </path>
        ))}
        {niceLevels(x.lower, x.upper, 5).map((value) => (
          <g key={`x${value}`}>
            <line
              x1={px(value)}
              x2={px(value)}
              y1={frame.top + inner.height}
              y2={frame.top + inner.height + 4}
              stroke="var(--page-quiet)"
            />
            <text x={px(value)} y={frame.top + inner.height + 17} textAnchor="middle" className="axisText">
              {formatNumber(value, 4, { isExact: true })}
            </text>
          </g>
        ))}
        {niceLevels(y.lower, y.upper, 5).map((value) => (
          <g key={`y${value}`}>
            <line
              x1={frame.left - 4}
              x2={frame.left}
              y1={py(value)}
              y2={py(value)}
              stroke="var(--page-quiet)"
            />
            <text x={frame.left - 8} y={py(value) + 4} textAnchor="end" className="axisText">
              {formatNumber(value, 4, { isExact: true })}
            </text>
          </g>
        ))}
        <text x={frame.left + inner.width / 2} y={size.height - 8} textAnchor="middle" className="axisName">
          {x.name}
        </text>
        <text
          transform={`translate(16 ${frame.top + inner.height / 2}) rotate(-90)`}
          textAnchor="middle"
          className="axisName"
        >
          {y.name}
        </text>
        <circle
          cx={px(here[0])}
          cy={py(here[1])}
          r={7}
          fill="none"
          stroke={palette.surface}
          strokeWidth={4}
        />
        <circle
          cx={px(here[0])}
          cy={py(here[1])}
          r={7}
          fill="none"
          stroke="var(--page-measured)"
          strokeWidth={2.5}
        />
      </svg>
    </div>
  );
}

/** Colours between the grid points by bilinear interpolation; empty beside missing ones. */
function paint(
  canvas: HTMLCanvasElement,
  field: ContourMapProps['field'],
  color: (value: number) => string,
): void {
  const scale = 6;
  const [ny, nx] = [field.length, field[0]?.length ?? 0];
  canvas.width = Math.max(1, (nx - 1) * scale);
  canvas.height = Math.max(1, (ny - 1) * scale);
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, canvas.width, canvas.height);
  for (let v = 0; v < canvas.height; v++) {
    for (let u = 0; u < canvas.width; u++) {
      const [gx, gy] = [(u + 0.5) / scale, (v + 0.5) / scale];
      const [j, i] = [Math.floor(gx), Math.floor(gy)];
      const corners = [field[i]![j]!, field[i]![j + 1]!, field[i + 1]![j]!, field[i + 1]![j + 1]!];
      if (corners.some((value) => value === null)) continue;
      const [a, b] = [gx - j, gy - i];
      const [one, two, three, four] = corners as [number, number, number, number];
      context.fillStyle = color((1 - b) * ((1 - a) * one + a * two) + b * ((1 - a) * three + a * four));
      context.fillRect(u, v, 1, 1);
    }
  }
}
