import { Button, Group, NumberInput, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type {
  CellValue,
  DatasetProfile,
  InputRow,
  ModelSession,
  Prediction,
  PredictReply,
  SessionMetrics,
} from '@athanor/schema';
import { useMemo, useState } from 'react';
import { useFirstRows, usePredictions, useProfile } from '../api.ts';
import { EffectCurve } from '../charts/effectCurve.tsx';
import { PredictionBar } from '../charts/predictionBar.tsx';
import { codeOf, curlOf, pythonText } from '../code/codeOf.ts';
import { effectGrids } from '../explore/effectGrid.ts';
import {
  centralRow,
  type ExploreSpace,
  exploreSpace,
  inputsOfRow,
  moveInput,
} from '../explore/exploreSpace.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { useQueryChoice } from '../navigate.tsx';
import { CopyAs } from './copyAs.tsx';
import { EmptyState } from './emptyState.tsx';
import { ErrorPanel } from './errorPanel.tsx';
import { InputControl } from './inputControl.tsx';
import { KeptPoints, type KeptPoint } from './keptPoints.tsx';
import { MapPanel } from './mapPanel.tsx';
import { Panel } from './panel.tsx';
import { TrustLine } from './trustLine.tsx';
import { Waiting } from './waiting.tsx';

interface ExplorePanelProps {
  readonly session: ModelSession;
  readonly metrics: SessionMetrics;
  /** Keys of the inputs that the models were built with. */
  readonly inputs: readonly string[];
}

/** Rows of the table that tell what adds up, and from which one can start. */
const mostRows = 1000;

/** What if: set the inputs, see what each target would be and how it changes along every input. */
export function ExplorePanel({ session, metrics, inputs }: ExplorePanelProps) {
  const profile = useProfile(session.datasetId);
  const table = useFirstRows(session.datasetId, mostRows);
  const error = profile.error ?? table.error;
  if (error !== null) return <ErrorPanel error={error} onRetry={() => void table.refetch()} />;
  if (profile.data === undefined || table.data === undefined) return <Waiting rows={3} height={120} />;
  if (inputs.length === 0)
    return <EmptyState title="The log of this session does not say which inputs it has" />;
  return (
    <Explorer session={session} metrics={metrics} keys={inputs} profile={profile.data} table={table.data} />
  );
}

interface ExplorerProps {
  readonly session: ModelSession;
  readonly metrics: SessionMetrics;
  readonly keys: readonly string[];
  readonly profile: DatasetProfile;
  readonly table: { readonly columns: readonly string[]; readonly rows: readonly (readonly CellValue[])[] };
}

function Explorer({ session, metrics, keys, profile, table }: ExplorerProps) {
  const { columns, rows } = table;
  const space = useMemo(
    () => exploreSpace(profile.variables, keys, columns, rows),
    [profile, keys, columns, rows],
  );
  const [start, setStart] = useState(() => centralRow(space, columns, rows));
  const [row, setRow] = useState<InputRow>(() => inputsOfRow(space, columns, rows[start] ?? []));
  const [held, setHeld] = useState<ReadonlySet<string>>(new Set());
  const [kept, setKept] = useState<readonly KeptPoint[]>([]);
  const [targetChoice, setTarget] = useQueryChoice('target');
  const target = metrics.targets.find((one) => one.target === targetChoice) ?? metrics.targets[0]!;

  const [settled] = useDebouncedValue(row, 60);
  const point = usePredictions(session.id, { rows: [settled] });
  const judged = leastTrusted(point.data);
  const set = (key: string, value: CellValue): void => {
    setRow(typeof value === 'number' ? moveInput(space, row, key, value, held) : { ...row, [key]: value });
  };
  const beginAt = (index: number): void => {
    setStart(index);
    setRow(inputsOfRow(space, columns, rows[index] ?? []));
  };
  const toggleHeld = (key: string): void => {
    const next = new Set(held);
    if (!next.delete(key)) next.add(key);
    setHeld(next);
  };

  return (
    <>
      <div className="exploreGrid">
        <div className="stickyPanel">
          <Panel title="Inputs" hint={hintOf(space)}>
            <Stack gap={9}>
              <Group gap="xs" align="flex-end" mb={4}>
                <NumberInput
                  label="Begin at row"
                  size="xs"
                  w={110}
                  min={1}
                  max={rows.length}
                  value={start + 1}
                  onChange={(value) => {
                    if (typeof value === 'number' && value >= 1 && value <= rows.length)
                      beginAt(Math.round(value) - 1);
                  }}
                />
                <Button size="xs" variant="default" onClick={() => beginAt(start)}>
                  Back to it
                </Button>
              </Group>
              {space.inputs.map((input) => (
                <InputControl
                  key={input.variable.key}
                  input={input}
                  value={row[input.variable.key]}
                  isPart={space.closed?.keys.includes(input.variable.key) ?? false}
                  isHeld={held.has(input.variable.key)}
                  isReadable={settled === row && point.error === null && !point.isPlaceholderData}
                  onHold={() => toggleHeld(input.variable.key)}
                  onChange={(value) => set(input.variable.key, value)}
                />
              ))}
            </Stack>
          </Panel>
        </div>
        <Stack gap="lg" style={{ minWidth: 0 }}>
          <Panel
            title="Prediction"
            hint={
              point.data === undefined
                ? 'By the default model.'
                : `By ${point.data.model.name}. In orange what was measured so far.`
            }
            actions={
              <Group gap="xs">
                <Button
                  variant="default"
                  disabled={point.data === undefined}
                  onClick={() => setKept([...kept, { row, reply: point.data! }])}
                >
                  Keep this point
                </Button>
                <CopyAs code={codeFor(session.id, row)} />
              </Group>
            }
          >
            {point.error !== null && <ErrorPanel error={point.error} />}
            {point.data === undefined && point.error === null && <Waiting rows={1} height={110} />}
            <div className="predictions">
              {point.data?.targets.map(({ target: key, unit, predictions }) => (
                <PredictionFigure
                  key={key}
                  name={key}
                  unit={unit}
                  prediction={predictions[0]!}
                  profile={profile.columns.find((column) => column.key === key)}
                />
              ))}
            </div>
            {judged !== undefined && (
              <div role="status" style={{ marginTop: 12 }}>
                <TrustLine judged={judged} />
              </div>
            )}
            {point.data?.warnings.map((warning, index) => (
              <Text key={index} fz="sm" c="var(--page-measured)" mt="xs" role="status">
                {warning.message}
              </Text>
            ))}
          </Panel>
          {kept.length > 0 && (
            <KeptPoints
              points={kept}
              molecular={
                new Set(
                  space.inputs
                    .filter(({ variable }) => variable.dataType === 'molecular')
                    .map(({ variable }) => variable.key),
                )
              }
              onClear={() => setKept([])}
              onShow={(one) => setRow(one)}
            />
          )}
          <EffectsPanel
            session={session}
            space={space}
            row={row}
            target={target.target}
            targets={metrics.targets.map((one) => one.target)}
            onTarget={setTarget}
            onSet={set}
            measured={profile.variables.find(({ key }) => key === target.target)?.range ?? null}
          />
          <MapPanel
            session={session}
            space={space}
            row={row}
            target={target.target}
            table={table}
            onRow={setRow}
          />
        </Stack>
      </div>
    </>
  );
}

interface PredictionFigureProps {
  readonly name: string;
  readonly unit: string | null;
  readonly prediction: Prediction;
  readonly profile: DatasetProfile['columns'][number] | undefined;
}

function PredictionFigure({ name, unit, prediction, profile }: PredictionFigureProps) {
  const { mean, interval } = prediction;
  return (
    <div>
      <Text fz="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Text>
      <Text fz="1.9rem" fw={650} lh={1.2} lts="-0.02em" className="numeric">
        {formatNumber(mean)}{' '}
        <Text component="span" fz="md" fw={400} c="dimmed">
          {unit}
        </Text>
      </Text>
      <Text fz="sm" className="numeric" mb={6}>
        {Math.round(interval.level * 100)} % of new samples between {formatNumber(interval.lower)} and{' '}
        {formatNumber(interval.upper)}
      </Text>
      <PredictionBar prediction={prediction} profile={profile} />
    </div>
  );
}

interface EffectsPanelProps {
  readonly session: ModelSession;
  readonly space: ExploreSpace;
  readonly row: InputRow;
  readonly target: string;
  readonly targets: readonly string[];
  readonly onTarget: (target: string | null) => void;
  readonly onSet: (key: string, value: CellValue) => void;
  /** What was measured: the curves are drawn over it. */
  readonly measured: { readonly min: number; readonly max: number } | null;
}

function EffectsPanel(props: EffectsPanelProps) {
  const { session, space, row, target, targets, onTarget, onSet, measured } = props;
  const [settled] = useDebouncedValue(row, 180);
  const grids = useMemo(() => effectGrids(space, settled), [space, settled]);
  const effects = usePredictions(session.id, { rows: grids.flatMap(({ rows }) => rows), targets: [target] });
  const all = effects.data?.targets[0]?.predictions ?? [];
  const isOfGrids = all.length === grids.reduce((sum, { rows }) => sum + rows.length, 0);
  // Intervals may go far beyond; they are cut off there, because the line is what one looks for.
  const heights = all.reduce<[number, number]>(
    ([low, high], { mean }) => [Math.min(low, mean), Math.max(high, mean)],
    [measured?.min ?? Infinity, measured?.max ?? -Infinity],
  );
  // A structure has no direction to go along.
  if (grids.length === 0) return null;
  let from = 0;
  return (
    <Panel
      title="Along each input"
      hint={
        space.closed === null
          ? 'All else as it is. The line is the mean, the band the 90 % interval, orange where you are; press to go there.'
          : 'Amounts move along Cox directions: the others keep their proportions. Press to go there.'
      }
      actions={
        targets.length > 1 ? (
          <Select
            aria-label="Target"
            size="xs"
            value={target}
            allowDeselect={false}
            onChange={onTarget}
            data={[...targets]}
          />
        ) : null
      }
    >
      {effects.error !== null && <ErrorPanel error={effects.error} />}
      {effects.data === undefined && effects.error === null && <Waiting rows={2} height={140} />}
      {isOfGrids && (
        <div className="curves">
          {grids.map(({ key, values, rows }) => {
            const predictions = all.slice(from, (from += rows.length));
            const { name, unit } = space.inputs.find(({ variable }) => variable.key === key)!.variable;
            return (
              <EffectCurve
                key={key}
                name={name}
                unit={unit}
                values={values}
                predictions={predictions}
                current={row[key]}
                heights={heights}
                onPick={(value) => onSet(key, value)}
              />
            );
          })}
        </div>
      )}
    </Panel>
  );
}

const trustOrder = ['outside', 'edge', 'unknown', 'inside'] as const;

/** What is said of the target that can be trusted least. */
function leastTrusted(reply: PredictReply | undefined) {
  const all = reply?.targets.flatMap(({ predictions }) => predictions[0]?.applicability ?? []) ?? [];
  return all.toSorted((a, b) => trustOrder.indexOf(a.class) - trustOrder.indexOf(b.class))[0];
}

function hintOf({ closed }: ExploreSpace): string {
  if (closed === null) return 'Within what has been tried.';
  return `${closed.keys.length} amounts keep adding up to ${closed.total}; the others make room in proportion.`;
}

function codeFor(sessionId: string, row: InputRow) {
  const origin = window.location.origin;
  return codeOf(
    [
      `rows = [${pythonText(row)}]`,
      `reply = client.session.post("/api/v3/btmodel/${sessionId}/predict", json={"rows": rows}).json()`,
      'for target in reply["targets"]:',
      '    print(target["target"], target["predictions"][0])',
    ],
    [curlOf(origin, 'POST', `/btmodel/${sessionId}/predict`, { rows: [row] })],
    origin,
  );
}
