import { SegmentedControl, Stack, Text } from '@mantine/core';
import type { Candidate, CellValue, DesignPayload, Insight, Variable } from '@athanor/schema';
import { useMemo, useState } from 'react';
import { useFirstRows } from '../api.ts';
import { ParallelPlot } from '../charts/parallelPlot.tsx';
import type { Shares } from '../charts/ternaryGrid.ts';
import { TernaryScatter } from '../charts/ternaryScatter.tsx';
import { partsOf } from '../design/partsOf.ts';
import { Panel } from './panel.tsx';
import { TernaryCorners } from './ternaryCorners.tsx';
import { type TableRows, TradeOffView } from './tradeOffView.tsx';

interface CandidateViewsProps {
  readonly insight: Insight;
  readonly payload: DesignPayload;
  readonly candidates: readonly Candidate[];
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  /** Names and units of the columns as far as they are known. */
  readonly variables: ReadonlyMap<string, Variable>;
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
    hint: 'Proposals, what was measured so far, and what else was compared: how far is left to go?',
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
  const { insight, payload, candidates, inputs, targets, variables, chosen, onChoose, onPassing } = props;
  const parts = partsOf(payload.space);
  const hasTriangle = parts !== null && parts.keys.length >= 3;
  const views: View[] = [
    'parallel',
    ...(targets.length > 0 ? (['tradeOff'] as const) : []),
    ...(hasTriangle ? (['triangle'] as const) : []),
  ];
  const [view, setView] = useState<View>('parallel');
  const table = useFirstRows(view === 'parallel' ? undefined : insight.datasetId, mostRows);
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
        <TradeOffView
          insight={insight}
          payload={payload}
          candidates={candidates}
          targets={targets}
          variables={variables}
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

interface TriangleProps {
  readonly parts: { readonly keys: readonly string[]; readonly total: number };
  readonly candidates: readonly Candidate[];
  readonly targets: readonly string[];
  readonly table: TableRows | undefined;
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
