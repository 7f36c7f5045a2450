import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { BacktestPayload, BuildLogLine, DesignPayload, type Insight } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { client, isBusy, useInsight, useProfile } from '../api.ts';
import { codeOf, curlOf, pythonText } from '../code/codeOf.ts';
import { CandidatesPanel } from '../components/candidatesPanel.tsx';
import { CopyAs } from '../components/copyAs.tsx';
import { ErrorPage } from '../components/errorPage.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { LogLines } from '../components/logLines.tsx';
import { MeasuredPanel } from '../components/measuredPanel.tsx';
import { OutcomePanel } from '../components/outcomePanel.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { Panel } from '../components/panel.tsx';
import { ReplayPanel } from '../components/replayPanel.tsx';
import { StateBadge } from '../components/stateBadge.tsx';
import { Waiting } from '../components/waiting.tsx';
import { readReview } from '../design/candidateReview.ts';
import { Link, navigate } from '../navigate.tsx';
import { formatTime } from '../numbers/formatTime.ts';

const Lines = z.array(BuildLogLine);

/** One insight: its result when it is done, its story until then. */
export function InsightPage({ insightId }: { insightId: string }) {
  const insight = useInsight(insightId);
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => client.call('cancelInsight', { params: { insightId } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['insight', insightId] }),
  });
  if (insight.error !== null && insight.data === undefined) {
    return <ErrorPage error={insight.error} onRetry={() => void insight.refetch()} />;
  }
  if (insight.data === undefined) return <Waiting />;
  const { name, category, state, datasetId, modelSessionId, RawPayload, Registry, Metadata, Created } =
    insight.data;
  const payload = DesignPayload.safeParse(RawPayload);
  const replay = BacktestPayload.safeParse(RawPayload);
  const isReplay = replay.success || Registry?.Settings?.['backtest'] !== undefined;
  const lines = Lines.safeParse(Registry?.BuildLogs?.['lines']).data ?? [];
  const failure = lines.findLast(({ code }) => code !== undefined);
  const isCancelled = failure?.code === 'CANCELLED';
  const reason = failure?.message;
  return (
    <>
      <PageHead
        title={name}
        trail={[['Insights', '/insights']]}
        badge={state === undefined ? null : <StateBadge state={state} />}
        detail={
          <>
            {insightId} · {isReplay ? 'Replay' : category} · {formatTime(Created.at)} by {Created.byName}
            {modelSessionId === undefined && datasetId !== undefined && (
              <>
                {' · from '}
                <Link to={`/datasets/${datasetId}`} className="textLink">
                  {datasetId}
                </Link>
              </>
            )}
            {modelSessionId !== undefined && (
              <>
                {' · from '}
                <Link to={`/sessions/${modelSessionId}/design`} className="textLink">
                  {modelSessionId}
                </Link>
              </>
            )}
            {typeof Metadata?.['follows'] === 'string' && (
              <>
                {' · after '}
                <Link to={`/insights/${Metadata['follows']}`} className="textLink">
                  {Metadata['follows']}
                </Link>
              </>
            )}
          </>
        }
        actions={<CopyAs code={codeFor(insightId, isReplay)} />}
      />
      <Stack gap="lg">
        {isBusy(state) && (
          <Panel>
            <Group justify="space-between" gap="sm">
              <Group role="status" gap="sm">
                <Loader size="sm" />
                <Text>{lines.at(-1)?.message ?? 'Waiting for a free place'}</Text>
              </Group>
              <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
                Cancel
              </Button>
            </Group>
            {cancel.error !== null && <ErrorPanel error={cancel.error} />}
          </Panel>
        )}
        {state === 'Error' && (
          <Panel
            title={
              isCancelled
                ? 'It was cancelled'
                : isReplay
                  ? 'The table could not be replayed'
                  : 'No proposals came of it'
            }
          >
            <Text style={{ overflowWrap: 'anywhere' }}>{reason ?? 'The log says what happened.'}</Text>
            {modelSessionId !== undefined && (
              <Group mt="sm">
                <Button variant="default" onClick={() => navigate(`/sessions/${modelSessionId}/design`)}>
                  Ask again
                </Button>
              </Group>
            )}
          </Panel>
        )}
        {payload.success && <Proposals insight={insight.data} payload={payload.data} />}
        {replay.success && <ReplayPanel insight={insight.data} payload={replay.data} />}
        {!payload.success && !replay.success && state === 'Complete' && (
          <Panel title="A result of another kind">
            <Text fz="sm">
              It was made by a program; its content is in RawPayload, see Code.{' '}
              {Object.keys(RawPayload ?? {}).join(', ')}
            </Text>
          </Panel>
        )}
        {(lines.length > 0 || state === 'Error') && (
          <Panel title="Log">
            <LogLines lines={lines} height={180} />
          </Panel>
        )}
      </Stack>
    </>
  );
}

function Proposals({ insight, payload }: { insight: Insight; payload: DesignPayload }) {
  const profile = useProfile(insight.datasetId);
  const predicted = payload.candidates[0]?.predictions.map(({ target }) => target) ?? [];
  const declared =
    profile.data?.variables.filter(({ role }) => role === 'target').map(({ key }) => key) ?? [];
  const targets = predicted.length > 0 ? predicted : declared;
  return (
    <>
      <OutcomePanel insightId={insight.albertId} datasetId={insight.datasetId} />
      <CandidatesPanel insight={insight} payload={payload} />
      {insight.datasetId !== undefined && targets.length > 0 && (
        <MeasuredPanel
          insight={insight}
          payload={payload}
          review={readReview(insight.Metadata)}
          targets={targets}
        />
      )}
    </>
  );
}

function codeFor(insightId: string, isReplay: boolean) {
  const origin = window.location.origin;
  return codeOf(
    [
      `insight = client.btinsights.get_by_id(id=${pythonText(insightId)})`,
      ...(isReplay
        ? [
            'for policy in insight.raw_payload["policies"]:',
            '    print(policy["policy"], policy["acceleration"], policy["enhancement"])',
          ]
        : [
            'for candidate in insight.raw_payload["candidates"]:',
            '    print(candidate["rank"], candidate["inputs"])',
          ]),
    ],
    [curlOf(origin, 'GET', `/btinsight/${insightId}`)],
    origin,
  );
}
