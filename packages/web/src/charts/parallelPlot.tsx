import { Button, Group, Text } from '@mantine/core';
import type { CellValue } from '@athanor/schema';
import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatNumber } from '../numbers/formatNumber.ts';
import { usePalette } from './palette.ts';
import { type Brush, keptRows, type ParallelAxis, parallelAxes } from './parallelAxes.ts';
import { DensityPainter, paintLine, paintLines, parallelFrame, plotHeight } from './densityPainter.ts';

interface ParallelPlotProps {
  readonly axes: readonly string[];
  /** [n][axes] */
  readonly rows: readonly (readonly CellValue[])[];
  /** Row to draw bold; -1 for none. */
  readonly chosen: number;
  /** How many of the last axes are targets. */
  readonly targets: number;
  /** What the rows are, e.g. `experiments`. */
  readonly noun: string;
  /** Told when the brushes change: indices of the rows that pass, or null when all do. */
  readonly onKept?: (rows: readonly number[] | null) => void;
  readonly onPick?: (row: number) => void;
}

/** Axes nearer than this cannot be read; the picture is then scrolled sideways. */
const leastGap = 84;
/** More lines than this are drawn as density. */
const mostLines = 1500;
/** Half of the width around an axis in which a drag is a brush. */
const reach = 16;

/**
 * Rows of many columns as lines; drag along an axis to keep those that pass there. A hundred thousand rows are counted
 * between neighbouring axes and drawn as density, so that a brush follows the hand.
 */
export function ParallelPlot({
  axes: names,
  rows,
  chosen,
  targets,
  noun,
  onKept,
  onPick,
}: ParallelPlotProps) {
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [room, setRoom] = useState(0);
  const [brushes, setBrushes] = useState<ReadonlyMap<number, Brush>>(new Map());
  const drag = useRef<{ axis: number; from: number } | null>(null);
  const axes = useMemo(() => parallelAxes(names, rows), [names, rows]);
  const kept = useMemo(() => keptRows(axes, brushes), [axes, brushes]);
  const keptCount = useMemo(() => kept.reduce((sum, one) => sum + one, 0), [kept]);

  useLayoutEffect(() => {
    const element = box.current!;
    const measure = (): void => setRoom(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => setBrushes(new Map()), [names, rows]);

  const width = Math.max(room, parallelFrame.left + parallelFrame.right + leastGap * (axes.length - 1));
  const gap = axes.length < 2 ? 0 : (width - parallelFrame.left - parallelFrame.right) / (axes.length - 1);
  const density = useMemo(
    () => (rows.length > mostLines && width > 0 && gap > 0 ? new DensityPainter(axes, gap) : null),
    [axes, rows, width, gap],
  );
  useLayoutEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const sharpness = Math.min(2, window.devicePixelRatio || 1);
    canvas.current!.width = width * sharpness;
    canvas.current!.height = parallelFrame.height * sharpness;
    context.scale(sharpness, sharpness);
    if (density !== null) density.paint(context, palette, kept, brushes.size > 0);
    else paintLines(context, palette, axes, kept, gap);
    if (chosen >= 0) paintLine(context, axes, chosen, gap, palette.measured, 3);
  }, [axes, kept, brushes, chosen, gap, width, palette, density]);

  const change = (next: ReadonlyMap<number, Brush>): void => {
    setBrushes(next);
    if (onKept === undefined) return;
    if (next.size === 0) return onKept(null);
    const passing: number[] = [];
    keptRows(axes, next).forEach((isKept, i) => isKept === 1 && passing.push(i));
    onKept(passing);
  };
  const setBrush = (axis: number, brush: Brush | null): void => {
    const next = new Map(brushes);
    if (brush === null || (brush[0] <= 0 && brush[1] >= 1)) next.delete(axis);
    else next.set(axis, brush);
    change(next);
  };
  const placeOf = (event: PointerEvent<SVGSVGElement>): { x: number; share: number } => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const share = 1 - (event.clientY - top - parallelFrame.top) / plotHeight;
    return { x: event.clientX - left, share: Math.min(1, Math.max(0, share)) };
  };
  const press = (event: PointerEvent<SVGSVGElement>): void => {
    const { x, share } = placeOf(event);
    const axis = gap === 0 ? 0 : Math.round((x - parallelFrame.left) / gap);
    if (Math.abs(x - parallelFrame.left - axis * gap) > reach || axes[axis] === undefined) {
      if (onPick !== undefined) onPick(nearestLine(axes, kept, (x - parallelFrame.left) / (gap || 1), share));
      return;
    }
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { axis, from: share };
  };
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    if (drag.current === null) return;
    const { axis, from } = drag.current;
    const { share } = placeOf(event);
    if (Math.abs(share - from) * plotHeight < 3) return;
    setBrush(axis, [Math.min(from, share), Math.max(from, share)]);
  };
  const release = (event: PointerEvent<SVGSVGElement>): void => {
    if (drag.current === null) return;
    const { axis, from } = drag.current;
    drag.current = null;
    // A press without a drag frees the axis.
    if (Math.abs(placeOf(event).share - from) * plotHeight < 3) setBrush(axis, null);
  };

  return (
    <div>
      <div
        ref={box}
        style={{ overflowX: 'auto' }}
        tabIndex={0}
        role="region"
        aria-label="Parallel coordinates"
      >
        <div style={{ position: 'relative', width, height: parallelFrame.height }}>
          <canvas
            ref={canvas}
            role="img"
            aria-label={`${rows.length} ${noun} over ${names.join(', ')}`}
            style={{ position: 'absolute', inset: 0, width, height: parallelFrame.height }}
          />
          <svg
            width={width}
            height={parallelFrame.height}
            style={{ position: 'absolute', inset: 0, touchAction: 'pan-x' }}
            onPointerDown={press}
            onPointerMove={move}
            onPointerUp={release}
            onPointerCancel={() => (drag.current = null)}
          >
            {axes.map((axis, index) => (
              <Axis
                key={axis.name}
                axis={axis}
                x={parallelFrame.left + index * gap}
                gap={gap || width}
                isTarget={index >= axes.length - targets}
                brush={brushes.get(index) ?? null}
                onBrush={(brush) => setBrush(index, brush)}
              />
            ))}
          </svg>
        </div>
      </div>
      <Group gap="sm" mt={4} mih={28}>
        <Text fz="sm" c="dimmed" role="status" className="numeric">
          {brushes.size === 0
            ? `${rows.length.toLocaleString('en')} ${noun}`
            : `${keptCount.toLocaleString('en')} of ${rows.length.toLocaleString('en')} ${noun} pass`}
        </Text>
        {brushes.size > 0 && (
          <Button size="compact-xs" variant="default" onClick={() => change(new Map())}>
            Show all
          </Button>
        )}
      </Group>
    </div>
  );
}

interface AxisProps {
  readonly axis: ParallelAxis;
  readonly x: number;
  readonly gap: number;
  readonly isTarget: boolean;
  readonly brush: Brush | null;
  readonly onBrush: (brush: Brush | null) => void;
}

function Axis({ axis, x, gap, isTarget, brush, onBrush }: AxisProps) {
  const { name, range, levels } = axis;
  const ticks: readonly (readonly [number, string])[] =
    range === null
      ? levels.slice(0, 24).map((level, i) => [(i + 0.5) / levels.length, cut(level, 12)] as const)
      : (range.lower === range.upper ? [0.5] : [0, 0.25, 0.5, 0.75, 1]).map(
          (share) => [share, numberAt(axis, share)] as const,
        );
  const y = (share: number): number => parallelFrame.top + (1 - share) * plotHeight;
  return (
    <g>
      <title>{name}</title>
      {titleLines(name, Math.max(8, Math.floor(gap / 6.4))).map((line, i, all) => (
        <text
          key={i}
          x={x}
          y={28 - 13 * (all.length - 1 - i)}
          textAnchor="middle"
          className="axisName"
          style={{ fill: isTarget ? 'var(--page-measured)' : undefined, fontSize: 11.5 }}
        >
          {line}
        </text>
      ))}
      <line x1={x} x2={x} y1={y(0)} y2={y(1)} stroke="var(--page-quiet)" />
      {ticks.map(([share, text], i) => (
        <g key={i}>
          <line x1={x - 3} x2={x} y1={y(share)} y2={y(share)} stroke="var(--page-quiet)" />
          <text x={x - 5} y={y(share) + 3.5} textAnchor="end" className="axisText haloText">
            {text}
          </text>
        </g>
      ))}
      <rect
        x={x - reach}
        y={parallelFrame.top - 6}
        width={2 * reach}
        height={plotHeight + 12}
        fill="transparent"
        style={{ cursor: 'ns-resize' }}
      />
      {brush !== null && (
        <rect
          x={x - 7}
          y={y(brush[1])}
          width={14}
          height={Math.max(2, (brush[1] - brush[0]) * plotHeight)}
          rx={3}
          fill="var(--page-measured)"
          fillOpacity={0.28}
          stroke="var(--page-measured)"
          pointerEvents="none"
        />
      )}
      {(['least', 'most'] as const).map((end) => (
        <Handle key={end} end={end} axis={axis} x={x} y={y} brush={brush} onBrush={onBrush} />
      ))}
    </g>
  );
}

interface HandleProps {
  readonly end: 'least' | 'most';
  readonly axis: ParallelAxis;
  readonly x: number;
  readonly y: (share: number) => number;
  readonly brush: Brush | null;
  readonly onBrush: (brush: Brush | null) => void;
}

/** One end of a brush for the keyboard: arrows move it, Home and End free it. */
function Handle({ end, axis, x, y, brush, onBrush }: HandleProps) {
  const [low, high] = brush ?? [0, 1];
  const share = end === 'least' ? low : high;
  const step = axis.range === null ? 1 / Math.max(1, axis.levels.length) : 0.02;
  const press = (event: KeyboardEvent): void => {
    const by = { ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step }[event.key];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? 1 : by === undefined ? null : share + by;
    if (to === null) return;
    event.preventDefault();
    const place = Math.min(1, Math.max(0, to));
    onBrush(end === 'least' ? [Math.min(place, high), high] : [low, Math.max(low, place)]);
  };
  return (
    <rect
      className="brushHandle"
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`${axis.name}: ${end}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      aria-valuetext={numberAt(axis, share)}
      x={x - 8}
      y={y(share) - 2.5}
      width={16}
      height={5}
      rx={2.5}
      onKeyDown={press}
    />
  );
}

/** The kept row whose line passes nearest to a place between the axes. */
function nearestLine(axes: readonly ParallelAxis[], kept: Uint8Array, place: number, share: number): number {
  const left = Math.min(axes.length - 2, Math.max(0, Math.floor(place)));
  const [a, b] = [axes[left]?.places, axes[left + 1]?.places];
  if (a === undefined || b === undefined) return -1;
  const part = place - left;
  let best = -1;
  let least = 0.06;
  kept.forEach((isKept, i) => {
    const distance = Math.abs(a[i]! + (b[i]! - a[i]!) * part - share);
    if (isKept === 1 && distance < least) [best, least] = [i, distance];
  });
  return best;
}

function numberAt({ range, levels }: ParallelAxis, share: number): string {
  if (range === null) return levels[Math.min(levels.length - 1, Math.floor(share * levels.length))] ?? '';
  const { lower, upper } = range;
  const value = lower + (upper - lower) * share;
  const size = Math.max(Math.abs(lower), Math.abs(upper));
  // Enough digits to tell the ticks of a narrow range apart.
  const digits = upper > lower ? 2 + Math.ceil(Math.log10(size / (upper - lower))) : 4;
  return formatNumber(value, Math.min(7, Math.max(3, digits)), { isExact: true });
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** A name without its unit on one line or two of at most so many letters; the whole stands in the title. */
function titleLines(name: string, most: number): string[] {
  const words = name.replace(/\s*[([][^)\]]*[)\]]$/, '').split(/\s+/);
  const first = [words.shift() ?? ''];
  while (words.length > 0 && [...first, words[0]].join(' ').length <= most) first.push(words.shift()!);
  const lines = [first.join(' '), words.join(' ')].filter((line) => line !== '');
  return lines.map((line) => cut(line, most));
}
