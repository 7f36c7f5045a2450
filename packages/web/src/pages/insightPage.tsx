import { Group, Loader, Stack, Text } from '@mantine/core';
import { BuildLogLine, DesignPayload } from '@athanor/schema';
import { z } from 'zod';
import { isBusy, useInsight } from '../api.ts';
import { codeOf, curlOf, pythonText } from '../code/codeOf.ts';
import { CandidatesPanel } from '../components/candidatesPanel.tsx';
import { CopyAs } from '../components/copyAs.tsx';
import { ErrorPage } from '../components/errorPage.tsx';
import { LogLines } from '../components/logLines.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { Panel } from '../components/panel.tsx';
import { StateBadge } from '../components/stateBadge.tsx';
import { Waiting } from '../components/waiting.tsx';
import { Link } from '../navigate.tsx';
import { formatTime } from '../numbers/formatTime.ts';

const Lines = z.array(BuildLogLine);

/** One insight: its result when it is done, its story until then. */
export function InsightPage({ insightId }: { insightId: string }) {
  const insight = useInsight(insightId);
  if (insight.error !== null && insight.data === undefined) {
    return <ErrorPage error={insight.error} onRetry={() => void insight.refetch()} />;
  }
  if (insight.data === undefined) return <Waiting />;
  const { name, category, state, modelSessionId, outputKey, RawPayload, Registry, Created } = insight.data;
  const payload = DesignPayload.safeParse(RawPayload);
  const lines = Lines.safeParse(Registry?.BuildLogs?.['lines']).data ?? [];
  return (
    <>
      <PageHead
        title={name}
        trail={[['Insights', '/insights']]}
        badge={state === undefined ? null : <StateBadge state={state} />}
        detail={
          <>
            {insightId} · {category} · {formatTime(Created.at)} by {Created.byName}
            {modelSessionId !== undefined && (
              <>
                {' · from '}
                <Link
                  to={`/sessions/${modelSessionId}/design`}
                  style={{ color: 'var(--mantine-color-anchor)' }}
                >
                  {modelSessionId}
                </Link>
              </>
            )}
          </>
        }
        actions={<CopyAs code={codeFor(insightId)} />}
      />
      <Stack gap="lg">
        {isBusy(state) && (
          <Panel>
            <Group role="status" gap="sm">
              <Loader size="sm" />
              <Text>{lines.at(-1)?.message ?? 'Waiting for a free place'}</Text>
            </Group>
          </Panel>
        )}
        {payload.success && <CandidatesPanel payload={payload.data} outputKey={outputKey} />}
        {!payload.success && state === 'Complete' && (
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

function codeFor(insightId: string) {
  const origin = window.location.origin;
  return codeOf(
    [
      `insight = client.btinsights.get_by_id(id=${pythonText(insightId)})`,
      'for candidate in insight.raw_payload["candidates"]:',
      '    print(candidate["rank"], candidate["inputs"])',
    ],
    [curlOf(origin, 'GET', `/btinsight/${insightId}`)],
    origin,
  );
}
