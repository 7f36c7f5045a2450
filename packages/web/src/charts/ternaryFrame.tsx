import { formatNumber } from '../numbers/formatNumber.ts';
import type { ReactNode } from 'react';
import { placeShares, type Shares } from './ternaryGrid.ts';

interface TernaryFrameProps {
  /** Names of the corners: lower left, lower right, top. */
  readonly names: readonly [string, string, string];
  /** What the three add up to. */
  readonly total: number;
  readonly label: string;
  /** Colour of the lines of equal share. */
  readonly lines: string;
  readonly lineOpacity: number;
  readonly onPress?: (clientX: number, clientY: number, element: SVGSVGElement) => void;
  readonly children: ReactNode;
}

/** Size of the picture and place of the triangle in it. */
export const ternaryFrame = { width: 560, height: 480, left: 62, top: 38, side: 436 };
const tall = (ternaryFrame.side * Math.sqrt(3)) / 2;

/** Where shares lie in the picture. */
export function placeInFrame(shares: Shares): [x: number, y: number] {
  const [x, y] = placeShares(shares);
  return [ternaryFrame.left + x * ternaryFrame.side, ternaryFrame.top + tall - y * ternaryFrame.side];
}

/** A triangle of three amounts that add up, with ticks and names; what lies in it comes as children. */
export function TernaryFrame({
  names,
  total,
  label,
  lines,
  lineOpacity,
  onPress,
  children,
}: TernaryFrameProps) {
  const corners = [placeInFrame([1, 0, 0]), placeInFrame([0, 1, 0]), placeInFrame([0, 0, 1])] as const;
  return (
    <svg
      viewBox={`0 0 ${ternaryFrame.width} ${ternaryFrame.height}`}
      width="100%"
      role="img"
      aria-label={label}
      style={{
        display: 'block',
        position: 'relative',
        cursor: onPress === undefined ? undefined : 'crosshair',
      }}
      onClick={(event) => onPress?.(event.clientX, event.clientY, event.currentTarget)}
    >
      <polygon
        points={corners.map((corner) => corner.join(',')).join(' ')}
        fill="none"
        stroke="var(--page-quiet)"
      />
      {[0.2, 0.4, 0.6, 0.8].map((share) => (
        <Ticks key={share} share={share} total={total} color={lines} opacity={lineOpacity} />
      ))}
      {children}
      <text x={corners[0][0] - 8} y={corners[0][1] + 36} textAnchor="start" className="axisName">
        {names[0]}
      </text>
      <text x={corners[1][0] + 8} y={corners[1][1] + 36} textAnchor="end" className="axisName">
        {names[1]}
      </text>
      <text x={corners[2][0]} y={corners[2][1] - 14} textAnchor="middle" className="axisName">
        {names[2]}
      </text>
    </svg>
  );
}

interface TicksProps {
  readonly share: number;
  readonly total: number;
  readonly color: string;
  readonly opacity: number;
}

/** Ticks of one share on the three sides, each turned along the lines of equal share, with the amount. */
function Ticks({ share, total, color, opacity }: TicksProps) {
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
        const [[x1, y1], [x2, y2]] = [placeInFrame(from), placeInFrame(to)];
        return (
          <line
            key={index}
            x1={x1}
            y1={y1}
            x2={x2}
            y2={y2}
            stroke={color}
            strokeOpacity={opacity}
            strokeWidth={0.8}
          />
        );
      })}
      {sides.map(({ from, step, anchor }, index) => {
        const [x, y] = placeInFrame(from);
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
