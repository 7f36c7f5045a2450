import { Button, Checkbox, Text } from '@mantine/core';
import type { ModelSession } from '@athanor/schema';
import { useState } from 'react';
import { metricsOf, useDatasets, useSessions } from '../api.ts';
import { codeOf, curlOf } from '../code/codeOf.ts';
import { CopyAs } from '../components/copyAs.tsx';
import { EmptyState } from '../components/emptyState.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { ListTable } from '../components/listTable.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { StateBadge } from '../components/stateBadge.tsx';
import { Waiting } from '../components/waiting.tsx';
import { formatTime } from '../numbers/formatTime.ts';
import { Link, navigate } from '../navigate.tsx';

/** All sessions, newest first; two of them can be compared. */
export function SessionsPage() {
  const sessions = useSessions();
  const datasets = useDatasets();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const nameOfDataset = new Map(datasets.data?.map((dataset) => [dataset.albertId, dataset.name]));
  const origin = window.location.origin;
  const code = codeOf(
    ['print(client.session.get("/api/v3/btmodel").json()["Items"])'],
    [curlOf(origin, 'GET', '/btmodel')],
    origin,
  );
  const choose = (id: string): void => {
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen.slice(-1), id]);
  };
  return (
    <>
      <PageHead
        title="Sessions"
        detail="Models of one table, built and judged together."
        actions={<CopyAs code={code} />}
      />
      {sessions.isPending && <Waiting />}
      {sessions.error !== null && (
        <ErrorPanel error={sessions.error} onRetry={() => void sessions.refetch()} />
      )}
      {sessions.data !== undefined && (
        <ListTable
          items={sessions.data}
          noun="sessions"
          keyOf={(session) => session.id}
          textOf={(session) =>
            [
              session.id,
              session.name,
              session.state,
              nameOfDataset.get(session.datasetId),
              ...(session.target ?? []),
            ].join(' ')
          }
          actions={
            <Button
              variant="default"
              disabled={chosen.length !== 2}
              onClick={() => navigate(`/compare?sessions=${chosen.join(',')}`)}
            >
              {chosen.length === 2 ? 'Compare the two' : 'Choose two to compare'}
            </Button>
          }
          empty={
            <EmptyState
              title="No sessions yet"
              action={<Button onClick={() => navigate('/')}>Start with a table</Button>}
            >
              A session builds models of a table and judges them on rows they have not seen.
            </EmptyState>
          }
          columns={[
            {
              title: 'Compare',
              show: (session) => (
                <Checkbox
                  aria-label={`Compare ${session.name} (${session.id})`}
                  checked={chosen.includes(session.id)}
                  onChange={() => choose(session.id)}
                />
              ),
            },
            {
              title: 'Name',
              order: (session) => session.name.toLowerCase(),
              show: (session) => (
                <>
                  <Link to={`/sessions/${session.id}`} className="quietLink" style={{ fontWeight: 550 }}>
                    {session.name}
                  </Link>
                  <Text fz="xs" c="dimmed">
                    {session.id} · {nameOfDataset.get(session.datasetId) ?? session.datasetId}
                  </Text>
                </>
              ),
            },
            { title: 'Targets', show: (session) => <Lines texts={session.target ?? []} /> },
            {
              title: 'State',
              order: (session) => session.state,
              show: (session) => <StateBadge state={session.state} />,
            },
            {
              title: 'R²',
              isNumeric: true,
              order: (session) => scoresOf(session)[0] ?? -Infinity,
              show: (session) => (
                <Lines texts={scoresOf(session).map((r2) => r2.toFixed(3).replace('-', '−'))} />
              ),
            },
            {
              title: 'Built',
              order: (session) => session.Created.at,
              show: (session) => formatTime(session.Created.at),
            },
          ]}
        />
      )}
    </>
  );
}

/** R² of the default model on each target, in the order of the targets. */
function scoresOf(session: ModelSession): number[] {
  const metrics = metricsOf(session);
  const targets = session.target ?? [];
  return targets.flatMap((key) => {
    const board = metrics?.targets.find(({ target }) => target === key)?.leaderboard;
    const entry = board?.find(({ model }) => model === session.defaultModel) ?? board?.[0];
    return entry === undefined ? [] : [entry.metrics.r2];
  });
}

/** A line each, so that columns of the same things stand side by side. */
function Lines({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return '–';
  return texts.map((text, index) => <div key={index}>{text}</div>);
}
