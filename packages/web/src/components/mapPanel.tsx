import { Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { CellValue, InputRow, ModelSession, Prediction } from '@athanor/schema';
import { useMemo, useState } from 'react';
import { usePredictions } from '../api.ts';
import { ColorLegend } from '../charts/colorLegend.tsx';
import { ContourMap } from '../charts/contourMap.tsx';
import { usePalette } from '../charts/palette.ts';
import { type Shares, ternaryGrid } from '../charts/ternaryGrid.ts';
import { TernaryMap } from '../charts/ternaryMap.tsx';
import { withUnit } from '../charts/withUnit.ts';
import { type ExploreSpace, setInputs } from '../explore/exploreSpace.ts';
import { isTried } from '../explore/isTried.ts';
import { ErrorPanel } from './errorPanel.tsx';
import { Panel } from './panel.tsx';
import { TernaryCorners } from './ternaryCorners.tsx';
import { Waiting } from './waiting.tsx';

interface MapPanelProps {
  readonly session: ModelSession;
  readonly space: ExploreSpace;
  readonly row: InputRow;
  readonly target: string;
  readonly table: { readonly columns: readonly string[]; readonly rows: readonly (readonly CellValue[])[] };
  readonly onRow: (row: InputRow) => void;
}

type Shown = 'mean' | 'uncertainty';

/** Points along a side of the contour map, and of the triangle. */
const side = 29;
const ternarySide = 26;
/** Rows drawn into the triangle. */
const mostDots = 400;

/** A target over two inputs, or over three amounts that add up, with how sure the model is of it. */
export function MapPanel(props: MapPanelProps) {
  const { space, target } = props;
  const numeric = space.inputs.filter(({ range }) => range !== null && range.upper > range.lower);
  const parts = space.closed?.keys ?? [];
  const hasTriangle = parts.length >= 3;
  const [kind, setKind] = useState<'triangle' | 'contour'>(hasTriangle ? 'triangle' : 'contour');
  const [shown, setShown] = useState<Shown>('mean');
  if (numeric.length < 2) return null;
  return (
    <Panel
      title={shown === 'mean' ? `${target} as a map` : `How unsure the model is of ${target}`}
      hint="All other inputs as they are set above. Press anywhere to go there."
      actions={
        <Group gap="xs">
          {hasTriangle && (
            <SegmentedControl
              size="xs"
              aria-label="Kind of map"
              value={kind}
              onChange={(value) => setKind(value as 'triangle' | 'contour')}
              data={[
                { value: 'triangle', label: 'Three amounts' },
                { value: 'contour', label: 'Two inputs' },
              ]}
            />
          )}
          <SegmentedControl
            size="xs"
            aria-label="What the colours show"
            value={shown}
            onChange={(value) => setShown(value as Shown)}
            data={[
              { value: 'mean', label: 'Prediction' },
              { value: 'uncertainty', label: 'Uncertainty' },
            ]}
          />
        </Group>
      }
    >
      {kind === 'triangle' && hasTriangle ? (
        <Triangle {...props} shown={shown} />
      ) : (
        <Contour {...props} shown={shown} />
      )}
    </Panel>
  );
}

function Contour({ session, space, row, target, onRow, shown }: MapPanelProps & { shown: Shown }) {
  const numeric = space.inputs.filter(({ range }) => range !== null && range.upper > range.lower);
  const [xKey, setX] = useState(numeric[0]!.variable.key);
  const [yKey, setY] = useState(numeric[1]!.variable.key);
  const x = numeric.find(({ variable }) => variable.key === xKey)!;
  const y = numeric.find(({ variable }) => variable.key === yKey)!;
  const [settled] = useDebouncedValue(row, 250);
  const cells = useMemo(() => {
    const at = (range: { lower: number; upper: number }, i: number): number =>
      range.lower + ((range.upper - range.lower) * i) / (side - 1);
    return Array.from({ length: side * side }, (_, k) =>
      setInputs(space, settled, {
        [xKey]: at(x.range!, k % side),
        [yKey]: at(y.range!, Math.floor(k / side)),
      }),
    );
  }, [space, settled, xKey, yKey, x, y]);
  const answer = usePredictions(session.id, {
    rows: cells.filter((cell) => cell !== null),
    targets: [target],
  });
  const predictions = answer.data?.targets[0]?.predictions ?? [];
  const isWhole =
    predictions.length === cells.filter((cell) => cell !== null).length && predictions.length > 0;
  const options = numeric.map(({ variable }) => variable.key);
  let next = 0;
  const field = isWhole
    ? Array.from({ length: side }, (_, i) =>
        Array.from({ length: side }, (_, j) =>
          cells[i * side + j] === null ? null : valueOf(predictions[next++]!, shown),
        ),
      )
    : null;
  return (
    <Stack gap="md">
      <Group gap="sm">
        <Select
          label="Across"
          size="xs"
          value={xKey}
          allowDeselect={false}
          data={options.filter((key) => key !== yKey)}
          onChange={(key) => setX(key!)}
        />
        <Select
          label="Up"
          size="xs"
          value={yKey}
          allowDeselect={false}
          data={options.filter((key) => key !== xKey)}
          onChange={(key) => setY(key!)}
        />
      </Group>
      {answer.error !== null && <ErrorPanel error={answer.error} />}
      {field === null && answer.error === null && <Waiting rows={1} height={380} />}
      {field !== null && (
        <MapWithLegend
          values={field.flat()}
          title={legendOf(shown, target, answer.data?.targets[0]?.unit ?? null)}
        >
          {(low, high) => (
            <ContourMap
              field={field}
              low={low}
              high={high}
              x={{ name: withUnit(x.variable.name, x.variable.unit), ...x.range! }}
              y={{ name: withUnit(y.variable.name, y.variable.unit), ...y.range! }}
              here={[Number(row[xKey]), Number(row[yKey])]}
              label={`${target} over ${xKey} and ${yKey}`}
              onPick={(a, b) => {
                const moved = setInputs(space, row, { [xKey]: a, [yKey]: b });
                if (moved !== null) onRow(moved);
              }}
            />
          )}
        </MapWithLegend>
      )}
    </Stack>
  );
}

function Triangle({ session, space, row, target, table, onRow, shown }: MapPanelProps & { shown: Shown }) {
  const { keys, total } = space.closed!;
  const [corners, setCorners] = useState<readonly [string, string, string]>(() => largest(keys, row));
  const [settled] = useDebouncedValue(row, 250);
  const others = keys.filter((key) => !corners.includes(key));
  const sumOf = (values: InputRow): number =>
    total - others.reduce((sum, key) => sum + Number(values[key] ?? 0), 0);
  const [room, roomNow] = [sumOf(settled), sumOf(row)];
  const rows = useMemo(
    () =>
      ternaryGrid(ternarySide).map((shares) => ({
        ...settled,
        ...Object.fromEntries(corners.map((key, i) => [key, shares[i]! * room])),
      })),
    [settled, corners, room],
  );
  const tried = useMemo(() => rows.map((one) => isTried(space, one)), [space, rows]);
  const isEmpty = room < 1e-6 * total;
  const answer = usePredictions(session.id, isEmpty ? null : { rows, targets: [target] });
  const predictions = answer.data?.targets[0]?.predictions ?? [];
  const dots = useMemo(() => {
    const places = corners.map((key) => table.columns.indexOf(key));
    return table.rows.slice(0, mostDots).flatMap((cells): Shares[] => {
      const [a, b, c] = places.map((j) => Number(cells[j] ?? 0)) as [number, number, number];
      const sum = a + b + c;
      return sum > 1e-6 * total ? [[a / sum, b / sum, c / sum]] : [];
    });
  }, [table, corners, total]);
  const nameOf = (key: string): string =>
    space.inputs.find(({ variable }) => variable.key === key)?.variable.name ?? key;
  return (
    <Stack gap="md">
      <TernaryCorners keys={keys} corners={corners} onChange={setCorners} />
      {others.length > 0 && (
        <Text fz="sm" c="dimmed">
          {others.map((key) => `${nameOf(key)} ${Number(Number(row[key]).toPrecision(3))}`).join(', ')} stay
          as set; the three share the remaining {Number(roomNow.toPrecision(4))}. Orange dots: the table, seen
          from here.
        </Text>
      )}
      {answer.error !== null && <ErrorPanel error={answer.error} />}
      {isEmpty && <Text fz="sm">The other amounts leave nothing for these three.</Text>}
      {!isEmpty && predictions.length !== rows.length && answer.error === null && (
        <Waiting rows={1} height={420} />
      )}
      {!isEmpty && predictions.length === rows.length && (
        <MapWithLegend
          values={predictions.map((prediction, i) =>
            tried[i] === true || !tried.includes(true) ? valueOf(prediction, shown) : null,
          )}
          title={legendOf(shown, target, answer.data?.targets[0]?.unit ?? null)}
        >
          {(low, high) => (
            <TernaryMap
              names={corners.map(nameOf) as [string, string, string]}
              total={room}
              n={ternarySide}
              values={predictions.map((prediction) => valueOf(prediction, shown))}
              tried={tried}
              low={low}
              high={high}
              here={corners.map((key) => Number(row[key]) / (roomNow || 1)) as unknown as Shares}
              measured={dots}
              label={`${target} over ${corners.join(', ')}`}
              onPick={(shares) =>
                onRow({ ...row, ...Object.fromEntries(corners.map((key, i) => [key, shares[i]! * roomNow])) })
              }
            />
          )}
        </MapWithLegend>
      )}
    </Stack>
  );
}

interface MapWithLegendProps {
  readonly values: readonly (number | null)[];
  readonly title: string;
  readonly children: (low: number, high: number) => React.ReactNode;
}

function MapWithLegend({ values, title, children }: MapWithLegendProps) {
  const palette = usePalette();
  const present = values.filter((value) => value !== null);
  const low = present.reduce((least, value) => Math.min(least, value), Infinity);
  const high = present.reduce((most, value) => Math.max(most, value), -Infinity);
  return (
    <Stack gap="sm">
      {children(low, high)}
      <ColorLegend colors={palette.scale} low={low} high={high} title={title} />
    </Stack>
  );
}

function valueOf({ mean, modelStandardDeviation }: Prediction, shown: Shown): number {
  return shown === 'mean' ? mean : modelStandardDeviation;
}

function legendOf(shown: Shown, target: string, unit: string | null): string {
  return shown === 'mean'
    ? withUnit(target, unit !== null && target.includes(unit) ? null : unit)
    : withUnit('standard deviation of the model', unit);
}

/** The three amounts that are most of the mixture. */
function largest(keys: readonly string[], row: InputRow): [string, string, string] {
  return keys.toSorted((a, b) => Number(row[b]) - Number(row[a])).slice(0, 3) as [string, string, string];
}
