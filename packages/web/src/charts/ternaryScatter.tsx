import { useMemo } from 'react';
import { colorAt } from './colorAt.ts';
import { usePalette } from './palette.ts';
import { placeInFrame, TernaryFrame } from './ternaryFrame.tsx';
import type { Shares } from './ternaryGrid.ts';

interface TernaryScatterProps {
  readonly names: readonly [string, string, string];
  /** What the three add up to where they are all. */
  readonly total: number;
  readonly points: readonly {
    readonly shares: Shares;
    readonly value: number | null;
    readonly name: string;
  }[];
  /** Index of the point to ring; -1 for none. */
  readonly chosen: number;
  /** Rows of the table. */
  readonly measured: readonly Shares[];
  readonly label: string;
  readonly onPick: (index: number) => void;
}

/** Points over three amounts that add up, coloured by what is expected of them, above what was made so far. */
export function TernaryScatter(props: TernaryScatterProps) {
  const { names, total, points, chosen, measured, label, onPick } = props;
  const palette = usePalette();
  const [low, high] = useMemo(() => {
    const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
    return [Math.min(...values), Math.max(...values)];
  }, [points]);
  return (
    <div style={{ maxWidth: 560 }}>
      <TernaryFrame names={names} total={total} label={label} lines="var(--page-line)" lineOpacity={1}>
        {measured.map((shares, i) => {
          const [x, y] = placeInFrame(shares);
          return <circle key={i} cx={x} cy={y} r={2.2} fill="var(--page-measured)" fillOpacity={0.55} />;
        })}
        {points.map(({ shares, value, name }, i) => {
          const [x, y] = placeInFrame(shares);
          const share = value === null || high === low ? 0.7 : 0.15 + (0.85 * (value - low)) / (high - low);
          return (
            <g key={i} onClick={() => onPick(i)} style={{ cursor: 'pointer' }}>
              <title>{name}</title>
              <circle
                cx={x}
                cy={y}
                r={i === chosen ? 9 : 6.5}
                fill={colorAt(palette.scale, share)}
                stroke={i === chosen ? 'var(--page-measured)' : palette.surface}
                strokeWidth={i === chosen ? 3 : 1.2}
              />
            </g>
          );
        })}
      </TernaryFrame>
    </div>
  );
}
