import { Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import type { LeaderboardEntry, ModelSession, SessionMetrics, TargetMetrics } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { client, useOutOfFold, useSessionModels } from '../api.ts';
import { CalibrationPlot } from '../charts/calibrationPlot.tsx';
import { ParityPlot } from '../charts/parityPlot.tsx';
import { formatNumber } from '../numbers/formatNumber.ts';
import { navigate, useQueryChoice } from '../navigate.tsx';
import { ErrorPanel } from './errorPanel.tsx';
import { LeaderboardTable } from './leaderboardTable.tsx';
import { FactList } from './factList.tsx';
import { Panel } from './panel.tsx';
import { Waiting } from './waiting.tsx';
import { WarningList } from './warningList.tsx';

/** How good the models are, honestly: on rows that they had not seen. */
export function ResultsPanel({ session, metrics }: { session: ModelSession; metrics: SessionMetrics }) {
  const [targetChoice, setTarget] = useQueryChoice('target');
  const [modelChoice, setModel] = useQueryChoice('model');
  const target = metrics.targets.find((one) => one.target === targetChoice) ?? metrics.targets[0];
  const defaultModel = session.defaultModel ?? metrics.defaultModel;
  if (target === undefined) return null;
  const entry =
    target.leaderboard.find(({ model }) => model === modelChoice) ??
    target.leaderboard.find(({ model }) => model === defaultModel) ??
    target.leaderboard[0];
  if (entry === undefined) return null;
  return (
    <Stack gap="lg">
      {metrics.targets.length > 1 && (
        <Select
          label="Target"
          value={target.target}
          allowDeselect={false}
          onChange={setTarget}
          data={metrics.targets.map((one) => one.target)}
          w={{ base: '100%', sm: 340 }}
        />
      )}
      <Headline
        target={target}
        entry={entry}
        isDefault={entry.model === defaultModel}
        reason={metrics.defaultReason}
      />
      <div className="twoColumns">
        <Stack gap="lg">
          <ParityPanel session={session} target={target} entry={entry} />
          <BasisPanel target={target} entry={entry} />
        </Stack>
        <Stack gap="lg">
          <Panel
            title="Leaderboard"
            hint="Best first by CRPS, the error that counts uncertainty too. Choose a row to look closer."
            isFlush
          >
            <LeaderboardTable
              target={target}
              chosen={entry.model}
              defaultModel={defaultModel ?? null}
              onChoose={(model) => setModel(model === defaultModel ? null : model)}
            />
            <DefaultChange session={session} chosen={entry.model} defaultModel={defaultModel ?? null} />
          </Panel>
          <Panel
            title="Do the intervals keep their promise?"
            hint="Share of held-out measurements inside intervals of each level; the bars are what chance allows."
          >
            <CalibrationPlot coverage={entry.metrics.coverage} />
          </Panel>
        </Stack>
      </div>
    </Stack>
  );
}

function BasisPanel({ target, entry }: { target: TargetMetrics; entry: LeaderboardEntry }) {
  return (
    <Panel title="What this rests on">
      <FactList
        facts={[
          ['rows', target.rows],
          ['groups kept together', target.groups],
          ['folds × repeats', `${target.folds} × ${target.repeats}`],
          [
            'repeats differ by (sd)',
            target.pureError === null ? 'not enough repeats' : withUnitText(target.pureError, target.unit),
          ],
          [
            'R² that the noise leaves',
            target.noiseCeilingR2 === null ? 'not known' : `about ${target.noiseCeilingR2.toFixed(2)}`,
          ],
          ['rank correlation', formatNumber(entry.metrics.spearman)],
          ['miscalibration area', formatNumber(entry.metrics.miscalibrationArea, 2)],
        ]}
      />
      {target.warnings.length > 0 && <WarningList warnings={target.warnings} />}
    </Panel>
  );
}

interface HeadlineProps {
  readonly target: TargetMetrics;
  readonly entry: LeaderboardEntry;
  readonly isDefault: boolean;
  readonly reason: string;
}

/** The one sentence to take home, and the four figures behind it. */
function Headline({ target, entry, isDefault, reason }: HeadlineProps) {
  const { rmse, r2, mae, crps, coverage } = entry.metrics;
  const at90 = coverage.find(({ level }) => level === 0.9);
  const ceiling = target.noiseCeilingR2;
  return (
    <Panel>
      <Text fz="lg" lh={1.45} maw={860}>
        <strong>{entry.model}</strong> predicts {target.target} of rows it has never seen to within{' '}
        <strong>{withUnitText(mae, target.unit)}</strong> on average
        {at90 === undefined
          ? ''
          : `, and its 90 % intervals held ${(at90.observed * 100).toFixed(1)} % of them`}
        .
      </Text>
      <Text fz="sm" c="dimmed" mt={4}>
        {isDefault ? reason : 'You are looking at a model that is not the default.'}
      </Text>
      <div className="figures" style={{ marginTop: 18 }}>
        <Figure label="Root mean squared error" value={withUnitText(rmse, target.unit)} />
        <Figure label="Mean absolute error" value={withUnitText(mae, target.unit)} />
        <Figure
          label="Variance explained, R²"
          value={r2.toFixed(3).replace('-', '−')}
          note={ceiling === null ? undefined : ceilingNote(r2, ceiling)}
        />
        <Figure label="CRPS" value={withUnitText(crps, target.unit)} />
        {at90 !== undefined && (
          <Figure
            label="90 % intervals hold"
            value={`${(at90.observed * 100).toFixed(1)} %`}
            note={
              at90.lower <= 0.9 && 0.9 <= at90.upper
                ? 'as promised'
                : at90.observed < 0.9
                  ? 'less than promised'
                  : 'wider than needed'
            }
          />
        )}
      </div>
    </Panel>
  );
}

/** The ceiling is estimated from few repeats: a score may come out above it, and is then as good as can be told. */
function ceilingNote(r2: number, ceiling: number): string {
  return r2 > ceiling - 0.01 ? 'as much as repeats agree' : `the noise leaves about ${ceiling.toFixed(2)}`;
}

function Figure({
  label,
  value,
  note,
}: {
  label: string;
  value: string;
  note?: string | undefined;
}): ReactNode {
  return (
    <div>
      <Text fz="xs" c="dimmed">
        {label}
      </Text>
      <Text fz="1.5rem" fw={620} lh={1.25} className="numeric" lts="-0.015em">
        {value}
      </Text>
      {note !== undefined && (
        <Text fz="xs" c="dimmed">
          {note}
        </Text>
      )}
    </div>
  );
}

interface ParityPanelProps {
  readonly session: ModelSession;
  readonly target: TargetMetrics;
  readonly entry: LeaderboardEntry;
}

function ParityPanel({ session, target, entry }: ParityPanelProps) {
  const [view, setView] = useState<'parity' | 'residuals'>('parity');
  const models = useSessionModels(session.id);
  const modelId = models.data?.find(({ name }) => name === entry.model)?.id;
  const held = useOutOfFold(modelId);
  const data = held.data?.targets.find((one) => one.target === target.target);
  const error = models.error ?? held.error;
  return (
    <Panel
      title="Held-out predictions"
      hint={
        <>
          Each point is a row as {entry.model} predicted it without having seen it, with its 90 % interval.{' '}
          <span style={{ color: 'var(--page-measured)' }}>Orange</span>: measured outside. Choose a point to
          see the row.
        </>
      }
      actions={
        <SegmentedControl
          size="xs"
          aria-label="View"
          value={view}
          onChange={(value) => setView(value as 'parity' | 'residuals')}
          data={[
            { value: 'parity', label: 'Parity' },
            { value: 'residuals', label: 'Residuals' },
          ]}
        />
      }
    >
      {error !== null && <ErrorPanel error={error} onRetry={() => void held.refetch()} />}
      {data === undefined && error === null && <Waiting rows={1} height={400} />}
      {data !== undefined && (
        <ParityPlot
          data={data}
          view={view}
          onPick={(row) => navigate(`/datasets/${session.datasetId}?tab=table&row=${row}`)}
        />
      )}
    </Panel>
  );
}

interface DefaultChangeProps {
  readonly session: ModelSession;
  readonly chosen: string;
  readonly defaultModel: string | null;
}

function DefaultChange({ session, chosen, defaultModel }: DefaultChangeProps) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () =>
      client.call('patchModelSession', {
        params: { sessionId: session.id },
        body: { data: [{ operation: 'update', attribute: 'defaultModel', newValue: chosen }] },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session', session.id] }),
  });
  if (chosen === defaultModel) return null;
  return (
    <Stack gap="xs" p="md" className="noPrint">
      {change.error !== null && <ErrorPanel error={change.error} />}
      <Group justify="space-between" gap="sm">
        <Text fz="sm" c="dimmed">
          {defaultModel ?? 'No model'} answers when none is named.
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate()}
        >
          Make {chosen} the default
        </Button>
      </Group>
    </Stack>
  );
}

function withUnitText(value: number, unit: string | null): string {
  return unit === null || unit === '' ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}
