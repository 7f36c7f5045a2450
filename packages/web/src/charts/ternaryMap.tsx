import { useEffect, useMemo, useRef } from 'react';
import { colorAt } from './colorAt.ts';
import { usePalette } from './palette.ts';
import { placeInFrame, ternaryFrame, TernaryFrame } from './ternaryFrame.tsx';
import { type Shares, sharesAt, ternaryGrid, ternaryTriangles } from './ternaryGrid.ts';

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
    canvas.current!.width = ternaryFrame.width * sharpness;
    canvas.current!.height = ternaryFrame.height * sharpness;
    context.scale(sharpness, sharpness);
    const places = grid.map(placeInFrame);
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
    const { left, top, side, width, height } = ternaryFrame;
    const x = (((clientX - box.left) / box.width) * width - left) / side;
    const y = Math.sqrt(3) / 2 - (((clientY - box.top) / box.height) * height - top) / side;
    const shares = sharesAt(x, y);
    if (shares.every((share) => share > -0.02)) onPick(clean(shares));
  };
  const [hx, hy] = placeInFrame(here);
  return (
    <div style={{ position: 'relative', maxWidth: 600 }}>
      <canvas ref={canvas} style={{ position: 'absolute', inset: 0, width: '100%', height: '100%' }} />
      <TernaryFrame
        names={names}
        total={total}
        label={label}
        lines="var(--page-surface)"
        lineOpacity={0.35}
        onPress={press}
      >
        {measured.map((shares, i) => {
          const [x, y] = placeInFrame(shares);
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
        <circle cx={hx} cy={hy} r={8} fill="none" stroke={palette.surface} strokeWidth={4} />
        <circle cx={hx} cy={hy} r={8} fill="none" stroke="var(--page-measured)" strokeWidth={2.5} />
      </TernaryFrame>
    </div>
  );
}

function clean(shares: Shares): Shares {
  const [a, b, c] = shares.map((share) => Math.max(0, share)) as [number, number, number];
  const sum = a + b + c;
  return [a / sum, b / sum, c / sum];
}
