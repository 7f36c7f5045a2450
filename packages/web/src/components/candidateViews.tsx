import { Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import type { Candidate, CellValue, DesignPayload } from '@athanor/schema';
import { useMemo, useState } from 'react';
import { useFirstRows } from '../api.ts';
import { ParallelPlot } from '../charts/parallelPlot.tsx';
import type { Shares } from '../charts/ternaryGrid.ts';
import { TernaryScatter } from '../charts/ternaryScatter.tsx';
import { TradeOffPlot, type TradeOffPoint } from '../charts/tradeOffPlot.tsx';
import { paretoFront } from '../design/paretoFront.ts';
import { partsOf } from '../design/partsOf.ts';
import { Panel } from './panel.tsx';
import { TernaryCorners } from './ternaryCorners.tsx';

interface CandidateViewsProps {
  readonly payload: DesignPayload;
  readonly candidates: readonly Candidate[];
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  readonly datasetId: string | undefined;
  /** Rank. */
  readonly chosen: number | null;
  readonly onChoose: (rank: number) => void;
  /** Told which ranks pass the brushes of the picture; null when all do. */
  readonly onPassing: (ranks: ReadonlySet<number> | null) => void;
}

type View = 'parallel' | 'tradeOff' | 'triangle';

const titles: Record<View, { label: string; hint: string }> = {
  parallel: {
    label: 'All at once',
    hint: 'A line an experiment, an axis each input and target. Drag along an axis to keep only those that pass there.',
  },
  tradeOff: {
    label: 'Trade-off',
    hint: 'Proposals in green, the best of them joined; in orange what was measured so far.',
  },
  triangle: {
    label: 'Triangle',
    hint: 'Proposals over three of the amounts, darker where more is expected; in orange what was made so far.',
  },
};
/** Rows of the table that are drawn behind the proposals. */
const mostRows = 1000;

/** The same proposals as pictures: all columns at once, one property against another, and over three amounts. */
export function CandidateViews(props: CandidateViewsProps) {
  const { payload, candidates, inputs, targets, datasetId, chosen, onChoose, onPassing } = props;
  const parts = partsOf(payload.space);
  const hasTriangle = parts !== null && parts.keys.length >= 3;
  const views: View[] = [
    'parallel',
    ...(targets.length > 0 ? (['tradeOff'] as const) : []),
    ...(hasTriangle ? (['triangle'] as const) : []),
  ];
  const [view, setView] = useState<View>('parallel');
  const table = useFirstRows(view === 'parallel' ? undefined : datasetId, mostRows);
  const axes = useMemo(() => [...inputs, ...targets], [inputs, targets]);
  const rows = useMemo(
    () =>
      candidates.map((candidate) => [
        ...inputs.map((key): CellValue => candidate.inputs[key] ?? null),
        ...targets.map((target) => predictionOf(candidate, target)?.mean ?? null),
      ]),
    [candidates, inputs, targets],
  );
  const place = candidates.findIndex(({ rank }) => rank === chosen);
  return (
    <Panel
      title="In pictures"
      hint={titles[view].hint}
      actions={
        views.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Picture"
            value={view}
            onChange={(value) => {
              setView(value as View);
              onPassing(null);
            }}
            data={views.map((value) => ({ value, label: titles[value].label }))}
          />
        )
      }
    >
      {view === 'parallel' && (
        <ParallelPlot
          axes={axes}
          rows={rows}
          chosen={place}
          targets={targets.length}
          noun="experiments"
          onKept={(kept) =>
            onPassing(kept === null ? null : new Set(kept.map((row) => candidates[row]!.rank)))
          }
          onPick={(row) => {
            if (row >= 0) onChoose(candidates[row]!.rank);
          }}
        />
      )}
      {view === 'tradeOff' && (
        <TradeOff
          payload={payload}
          candidates={candidates}
          targets={targets}
          table={table.data}
          chosen={place}
          onPick={(index) => onChoose(candidates[index]!.rank)}
        />
      )}
      {view === 'triangle' && hasTriangle && (
        <Triangle
          parts={parts}
          candidates={candidates}
          targets={targets}
          table={table.data}
          chosen={place}
          onPick={(index) => onChoose(candidates[index]!.rank)}
        />
      )}
    </Panel>
  );
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CellValue[])[];
}

interface TradeOffProps {
  readonly payload: DesignPayload;
  readonly candidates: readonly Candidate[];
  readonly targets: readonly string[];
  readonly table: Table | undefined;
  readonly chosen: number;
  readonly onPick: (index: number) => void;
}

/** What can stand on an axis: a target, or how little is known of it. */
const doubt = 'uncertainty of ';

function TradeOff({ payload, candidates, targets, table, chosen, onPick }: TradeOffProps) {
  const choices = [...targets, ...targets.map((target) => doubt + target)];
  const [xKey, setX] = useState(choices[1]!);
  const [yKey, setY] = useState(choices[0]!);
  const points = useMemo(
    () =>
      candidates.map((candidate): TradeOffPoint => ({
        x: figureOf(candidate, xKey),
        y: figureOf(candidate, yKey),
        name: `No. ${candidate.rank}`,
      })),
    [candidates, xKey, yKey],
  );
  const front = useMemo(() => {
    const wanted = [xKey, yKey].map((key) => {
      const goal = payload.objectives.find(({ target }) => target === key)?.goal;
      return goal === 'maximize' ? true : goal === 'minimize' ? false : null;
    });
    const [x, y] = wanted;
    return x === null || y === null ? [] : paretoFront(points, [x!, y!]);
  }, [payload, points, xKey, yKey]);
  const measured = useMemo(() => {
    const [i, j] = [table?.columns.indexOf(xKey) ?? -1, table?.columns.indexOf(yKey) ?? -1];
    if (table === undefined || i < 0 || j < 0) return [];
    return table.rows.flatMap((row, k): TradeOffPoint[] => {
      const [x, y] = [row[i], row[j]];
      return typeof x === 'number' && typeof y === 'number'
        ? [{ x, y, name: `Row ${k + 1} of the table` }]
        : [];
    });
  }, [table, xKey, yKey]);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Select
          label="Across"
          size="xs"
          w={230}
          value={xKey}
          allowDeselect={false}
          data={choices.filter((key) => key !== yKey)}
          onChange={(key) => setX(key!)}
        />
        <Select
          label="Up"
          size="xs"
          w={230}
          value={yKey}
          allowDeselect={false}
          data={choices.filter((key) => key !== xKey)}
          onChange={(key) => setY(key!)}
        />
      </Group>
      <TradeOffPlot
        points={points}
        front={front}
        measured={measured}
        chosen={chosen}
        xName={xKey}
        yName={yKey}
        onPick={onPick}
      />
    </Stack>
  );
}

interface TriangleProps {
  readonly parts: { readonly keys: readonly string[]; readonly total: number };
  readonly candidates: readonly Candidate[];
  readonly targets: readonly string[];
  readonly table: Table | undefined;
  readonly chosen: number;
  readonly onPick: (index: number) => void;
}

function Triangle({ parts, candidates, targets, table, chosen, onPick }: TriangleProps) {
  const { keys, total } = parts;
  const [corners, setCorners] = useState<readonly [string, string, string]>(() => mostUsed(keys, candidates));
  const target = targets[0];
  const points = useMemo(
    () =>
      candidates.map((candidate) => {
        const amounts = corners.map((key) => Number(candidate.inputs[key] ?? 0));
        const value = target === undefined ? null : (predictionOf(candidate, target)?.mean ?? null);
        const name = `No. ${candidate.rank}: ${corners.map((key, i) => `${key} ${amounts[i]}`).join(', ')}`;
        return { shares: sharesOf(amounts), value, name };
      }),
    [candidates, corners, target],
  );
  const measured = useMemo(() => {
    const places = corners.map((key) => table?.columns.indexOf(key) ?? -1);
    return (table?.rows ?? []).map((row) => sharesOf(places.map((j) => Number(row[j] ?? 0))));
  }, [table, corners]);
  return (
    <Stack gap="sm">
      <TernaryCorners keys={keys} corners={corners} onChange={setCorners} />
      {keys.length > 3 && (
        <Text fz="sm" c="dimmed">
          The share of each among these three; the other amounts are not seen here.
        </Text>
      )}
      <TernaryScatter
        names={corners}
        total={keys.length > 3 ? 100 : total}
        points={points}
        chosen={chosen}
        measured={measured}
        label={`${candidates.length} experiments over ${corners.join(', ')}`}
        onPick={onPick}
      />
    </Stack>
  );
}

function sharesOf(amounts: readonly number[]): Shares {
  const sum = amounts.reduce((total, one) => total + one, 0);
  return sum === 0 ? [1 / 3, 1 / 3, 1 / 3] : (amounts.map((one) => one / sum) as unknown as Shares);
}

/** The three amounts that are most of the proposals. */
function mostUsed(keys: readonly string[], candidates: readonly Candidate[]): [string, string, string] {
  const sum = (key: string): number =>
    candidates.reduce((total, { inputs }) => total + Number(inputs[key] ?? 0), 0);
  return keys.toSorted((a, b) => sum(b) - sum(a)).slice(0, 3) as [string, string, string];
}

function predictionOf({ predictions }: Candidate, target: string) {
  return predictions.find((one) => one.target === target)?.prediction;
}

function figureOf(candidate: Candidate, key: string): number {
  return key.startsWith(doubt)
    ? (predictionOf(candidate, key.slice(doubt.length))?.modelStandardDeviation ?? Number.NaN)
    : (predictionOf(candidate, key)?.mean ?? Number.NaN);
}
