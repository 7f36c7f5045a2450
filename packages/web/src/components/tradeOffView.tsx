import { Group, Select, Stack, Table, Text } from '@mantine/core';
import type {
  Candidate,
  CellValue,
  ComparedCandidates,
  DesignPayload,
  Insight,
  Variable,
} from '@athanor/schema';
import { useMemo, useState } from 'react';
import { TradeOffPlot, type TradeOffPoint } from '../charts/tradeOffPlot.tsx';
import { withUnit } from '../charts/withUnit.ts';
import { paretoFront } from '../design/paretoFront.ts';
import { spanOf } from '../design/spanOf.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { useCompared } from '../useCompared.ts';
import { PictureKey } from './pictureKey.tsx';
import { ScrollTable } from './scrollTable.tsx';

export interface TableRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CellValue[])[];
}

interface TradeOffViewProps {
  readonly insight: Insight;
  readonly payload: DesignPayload;
  readonly candidates: readonly Candidate[];
  readonly targets: readonly string[];
  /** Names and units of the columns as far as they are known. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly table: TableRows | undefined;
  readonly chosen: number;
  readonly onPick: (index: number) => void;
}

/** What can stand on an axis besides a target: how little is known of it, and the chance to meet all limits. */
const doubt = 'uncertainty of ';
const chance = 'chance to meet all limits';

/** Proposals, measurements and all that was compared, one figure against another, as a picture and in a table. */
export function TradeOffView(props: TradeOffViewProps) {
  const { insight, payload, candidates, targets, variables, table, chosen, onPick } = props;
  const hasLimits = candidates.some(({ probabilityOfAll }) => probabilityOfAll !== null);
  const choices = [...targets, ...targets.map((target) => doubt + target), ...(hasLimits ? [chance] : [])];
  const nameOf = (key: string): string => {
    const isDoubt = key.startsWith(doubt);
    const target = isDoubt ? key.slice(doubt.length) : key;
    const variable = variables.get(target);
    return `${isDoubt ? doubt : ''}${withUnit(variable?.name ?? target, variable?.unit)}`;
  };
  const [xKey, setX] = useState(choices[1]!);
  const [yKey, setY] = useState(choices[0]!);
  const cloud = useCompared(insight.albertId, payload.compared?.file);
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
      return goal === 'maximize' || key === chance ? true : goal === 'minimize' ? false : null;
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
  const compared = useMemo(() => {
    if (cloud.data === undefined) return [];
    const [x, y] = [columnOf(cloud.data, xKey), columnOf(cloud.data, yKey)];
    return cloud.data.isOnFront.map((isOnFront, i) => ({
      x: x[i]!,
      y: y[i]!,
      name: isOnFront ? 'Compared, none better in all' : 'Compared',
      isOnFront,
    }));
  }, [cloud.data, xKey, yKey]);
  const even = compared.slice(0, cloud.data?.evenCount);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Select
          label="Across"
          size="xs"
          w={230}
          value={xKey}
          allowDeselect={false}
          data={choices.filter((key) => key !== yKey).map((value) => ({ value, label: nameOf(value) }))}
          onChange={(key) => setX(key!)}
        />
        <Select
          label="Up"
          size="xs"
          w={230}
          value={yKey}
          allowDeselect={false}
          data={choices.filter((key) => key !== xKey).map((value) => ({ value, label: nameOf(value) }))}
          onChange={(key) => setY(key!)}
        />
      </Group>
      <Group gap="lg" aria-hidden="true">
        <PictureKey className="dotKey" text={front.length > 1 ? 'proposed, the best joined' : 'proposed'} />
        {measured.length > 0 && <PictureKey className="dotKey measured" text="measured" />}
        {compared.length > 0 && (
          <>
            <PictureKey className="dotKey compared" text="compared" />
            <PictureKey className="dotKey front" text="compared, none better in all that is wanted" />
          </>
        )}
      </Group>
      <TradeOffPlot
        points={points}
        front={front}
        measured={measured}
        compared={compared}
        chosen={chosen}
        xName={nameOf(xKey)}
        yName={nameOf(yKey)}
        onPick={onPick}
      />
      {cloud.data !== undefined && (
        <Text fz="sm" c="dimmed">
          {even.length.toLocaleString('en')} of the {cloud.data.count.toLocaleString('en')} compared are
          shown, taken at even steps, and {(compared.length - even.length).toLocaleString('en')} more that
          none beats.
        </Text>
      )}
      {cloud.error !== null && (
        <Text fz="sm" c="dimmed">
          The picture of what was compared could not be read.
        </Text>
      )}
      <ScrollTable label="The same in numbers" className="numeric" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Lowest, middle, highest</Table.Th>
            <Table.Th ta="right">{nameOf(yKey)}</Table.Th>
            <Table.Th ta="right">{nameOf(xKey)}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <SpanRow name="Proposed" points={points} />
          <SpanRow name="Measured" points={measured} />
          <SpanRow name="Compared" points={even} />
        </Table.Tbody>
      </ScrollTable>
    </Stack>
  );
}

/** Where points lie along both axes; nothing without points. */
function SpanRow({ name, points }: { readonly name: string; readonly points: readonly TradeOffPoint[] }) {
  if (points.length === 0) return null;
  const describe = (values: readonly number[]): string =>
    spanOf(values)
      .map((value) => formatNumber(value))
      .join(', ');
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {name}
      </Table.Th>
      <Table.Td ta="right">{describe(points.map(({ y }) => y))}</Table.Td>
      <Table.Td ta="right">{describe(points.map(({ x }) => x))}</Table.Td>
    </Table.Tr>
  );
}

function figureOf({ predictions, probabilityOfAll }: Candidate, key: string): number {
  if (key === chance) return probabilityOfAll ?? Number.NaN;
  const isDoubt = key.startsWith(doubt);
  const target = isDoubt ? key.slice(doubt.length) : key;
  const prediction = predictions.find((one) => one.target === target)?.prediction;
  return (isDoubt ? prediction?.standardDeviation : prediction?.mean) ?? Number.NaN;
}

function columnOf({ predictions, probabilityOfAll }: ComparedCandidates, key: string): readonly number[] {
  if (key === chance) return probabilityOfAll ?? [];
  const isDoubt = key.startsWith(doubt);
  const found = predictions.find(({ target }) => target === (isDoubt ? key.slice(doubt.length) : key));
  return (isDoubt ? found?.standardDeviation : found?.mean) ?? [];
}
