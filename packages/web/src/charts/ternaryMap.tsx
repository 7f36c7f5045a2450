import { useEffect, useMemo, useRef } from 'react';
import { formatNumber } from '../numbers/formatNumber.ts';
import { colorAt } from './colorAt.ts';
import { usePalette } from './palette.ts';
import { placeShares, type Shares, sharesAt, ternaryGrid, ternaryTriangles } from './ternaryGrid.ts';

interface TernaryMapProps {
  /** Names of the corners: lower left, lower right, top. */
  readonly names: readonly [string, string, string];
  /** What the three add up to. */
  readonly total: number;
  /** Steps along a side. */
  readonly n: number;
  /** Values at the points of `ternaryGrid(n)`. */
  readonly values: readonly number[];
  /** Which of these points lie in the ranges of the table; the others are pale. */
  readonly tried: readonly boolean[];
  readonly low: number;
  readonly high: number;
  readonly here: Shares;
  /** Rows of the table, for where there is knowledge. */
  readonly measured: readonly Shares[];
  readonly label: string;
  readonly onPick: (shares: Shares) => void;
}

const size = { width: 560, height: 480 };
const frame = { left: 62, top: 38, side: 436 };
const tall = (frame.side * Math.sqrt(3)) / 2;

/** A triangle cut into 9, so that colours run smoothly between the points. */
const smallTriangles: readonly (readonly Shares[])[] = ternaryTriangles(3).map((corners) =>
  corners.map((i) => ternaryGrid(3)[i]!),
);

/** A target over three components that add up: colours, the rows measured so far, and where we are. */
export function TernaryMap(props: TernaryMapProps) {
  const { names, total, n, values, tried, low, high, here, measured, label, onPick } = props;
  const palette = usePalette();
  const canvas = useRef<HTMLCanvasElement>(null);
  const grid = useMemo(() => ternaryGrid(n), [n]);
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const sharpness = 2;
    canvas.current!.width = size.width * sharpness;
    canvas.current!.height = size.height * sharpness;
    context.scale(sharpness, sharpness);
    const places = grid.map(at);
    for (const [p, q, r] of ternaryTriangles(n)) {
      const between = ([a, b, c]: Shares, [u, v, w]: readonly [number, number, number]): number =>
        a * u + b * v + c * w;
      const isTried = tried[p]! && tried[q]! && tried[r]!;
      for (const small of smallTriangles) {
        const mean = small.reduce(
          (sum, shares) => sum + between(shares, [values[p]!, values[q]!, values[r]!]) / 3,
          0,
        );
        const full = colorAt(palette.scale, (mean - low) / (high - low || 1));
        const color = isTried ? full : colorAt([full, palette.surface], 0.78);
        context.beginPath();
        for (const shares of small) {
          context.lineTo(
            between(shares, [places[p]![0], places[q]![0], places[r]![0]]),
            between(shares, [places[p]![1], places[q]![1], places[r]![1]]),
          );
        }
        context.closePath();
        context.fillStyle = color;
        context.strokeStyle = color;
        context.lineWidth = 0.7;
        context.fill();
        context.stroke();
      }
    }
  }, [grid, n, values, tried, low, high, palette]);

  const press = (clientX: number, clientY: number, element: SVGSVGElement): void => {
    const box = element.getBoundingClientRect();
    const x = (((clientX - box.left) / box.width) * size.width - frame.left) / frame.side;
    const y = (frame.top + tall - ((clientY - box.top) / box.height) * size.height) / frame.side;
    const shares = sharesAt(x, y);
    if (shares.every((share) => share > -0.02)) onPick(clean(shares));
  };
  const corners = [at([1, 0, 0]), at([0, 1, 0]), at([0, 0, 1])] as const;
  const [hx, hy] = at(here);
  return (
    <div style={{ position: 'relative', maxWidth: 600 }}>
      <canvas ref={canvas} style={{ position: 'absolute', inset: 0, width: '100%', height: '100%' }} />
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        width="100%"
        role="img"
        aria-label={label}
        style={{ display: 'block', position: 'relative', cursor: 'crosshair' }}
        onClick={(event) => press(event.clientX, event.clientY, event.currentTarget)}
      >
        <polygon
          points={corners.map((corner) => corner.join(',')).join(' ')}
          fill="none"
          stroke="var(--page-quiet)"
        />
        {[0.2, 0.4, 0.6, 0.8].map((share) => (
          <Ticks key={share} share={share} total={total} />
        ))}
        {measured.map((shares, i) => {
          const [x, y] = at(shares);
          return (
            <circle
              key={i}
              cx={x}
              cy={y}
              r={2.6}
              fill="var(--page-measured)"
              stroke={palette.surface}
              strokeWidth={0.8}
            />
          );
        })}
        <text x={corners[0][0] - 8} y={corners[0][1] + 36} textAnchor="start" className="axisName">
          {names[0]}
        </text>
        <text x={corners[1][0] + 8} y={corners[1][1] + 36} textAnchor="end" className="axisName">
          {names[1]}
        </text>
        <text x={corners[2][0]} y={corners[2][1] - 14} textAnchor="middle" className="axisName">
          {names[2]}
        </text>
        <circle cx={hx} cy={hy} r={8} fill="none" stroke={palette.surface} strokeWidth={4} />
        <circle cx={hx} cy={hy} r={8} fill="none" stroke="var(--page-measured)" strokeWidth={2.5} />
      </svg>
    </div>
  );
}

/** Ticks of one share on the three sides, each turned along the lines of equal share, with the amount. */
function Ticks({ share, total }: { share: number; total: number }) {
  const text = formatNumber(share * total, 3, { isExact: true });
  const sides: readonly {
    from: Shares;
    step: readonly [number, number];
    anchor: 'start' | 'middle' | 'end';
  }[] = [
    { from: [share, 1 - share, 0], step: [-0.5, 0.87], anchor: 'end' },
    { from: [0, share, 1 - share], step: [1, 0], anchor: 'start' },
    { from: [1 - share, 0, share], step: [-0.5, -0.87], anchor: 'end' },
  ];
  const lines: readonly (readonly [Shares, Shares])[] = [
    [
      [share, 1 - share, 0],
      [share, 0, 1 - share],
    ],
    [
      [1 - share, share, 0],
      [0, share, 1 - share],
    ],
    [
      [1 - share, 0, share],
      [0, 1 - share, share],
    ],
  ];
  return (
    <>
      {lines.map(([from, to], index) => {
        const [[x1, y1], [x2, y2]] = [at(from), at(to)];
        return (
          <line
            key={index}
            x1={x1}
            y1={y1}
            x2={x2}
            y2={y2}
            stroke="var(--page-surface)"
            strokeOpacity={0.35}
            strokeWidth={0.8}
          />
        );
      })}
      {sides.map(({ from, step, anchor }, index) => {
        const [x, y] = at(from);
        return (
          <g key={index}>
            <line x1={x} y1={y} x2={x + step[0] * 6} y2={y + step[1] * 6} stroke="var(--page-quiet)" />
            <text x={x + step[0] * 10} y={y + step[1] * 12 + 4} textAnchor={anchor} className="axisText">
              {text}
            </text>
          </g>
        );
      })}
    </>
  );
}

function at(shares: Shares): [number, number] {
  const [x, y] = placeShares(shares);
  return [frame.left + x * frame.side, frame.top + tall - y * frame.side];
}

function clean(shares: Shares): Shares {
  const [a, b, c] = shares.map((share) => Math.max(0, share)) as [number, number, number];
  const sum = a + b + c;
  return [a / sum, b / sum, c / sum];
}
