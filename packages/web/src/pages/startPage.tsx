import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useDatasets, useSessions } from '../api.ts';
import { Panel } from '../components/panel.tsx';
import { StateBadge } from '../components/stateBadge.tsx';
import { TableDrop } from '../components/tableDrop.tsx';
import { formatTime } from '../numbers/formatTime.ts';
import { Link, navigate } from '../navigate.tsx';
import { useTitle } from '../useTitle.ts';

/** Where everybody begins: bring a table, or go on with what is there. */
export function StartPage() {
  useTitle('Start');
  const datasets = useDatasets();
  const sessions = useSessions();
  const recentSessions = (sessions.data ?? []).slice(0, 5);
  const recentDatasets = [...(datasets.data ?? [])].reverse().slice(0, 5);
  return (
    <Stack gap="xl" maw={960} mx="auto" py={{ base: 0, sm: 'lg' }}>
      <div>
        <Title order={1} fz={{ base: '1.6rem', sm: '2.1rem' }} lts="-0.02em">
          From your experiments to the next one
        </Title>
        <Text c="dimmed" mt={8} maw={620}>
          Athanor learns from your table, tells honestly how sure it is, and lets you explore what nobody has
          made yet.
        </Text>
      </div>
      <TableDrop hasExample onDataset={(dataset) => navigate(`/datasets/${dataset.albertId}`)} />
      {(recentSessions.length > 0 || recentDatasets.length > 0) && (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <Panel title="Sessions" isFlush actions={<MoreLink to="/sessions" />}>
            {recentSessions.length === 0 ? (
              <Quiet>No models yet. Open a dataset and build some.</Quiet>
            ) : (
              recentSessions.map((session) => (
                <RecentLine
                  key={session.id}
                  to={`/sessions/${session.id}`}
                  name={session.name}
                  detail={`${(session.target ?? []).join(', ')} · ${formatTime(session.Created.at)}`}
                  badge={<StateBadge state={session.state} />}
                />
              ))
            )}
          </Panel>
          <Panel title="Datasets" isFlush actions={<MoreLink to="/datasets" />}>
            {recentDatasets.map((dataset) => (
              <RecentLine
                key={dataset.albertId}
                to={`/datasets/${dataset.albertId}`}
                name={dataset.name}
                detail={
                  dataset.rowCount === undefined
                    ? 'no data yet'
                    : `${dataset.rowCount} rows, ${dataset.columnCount} columns · ${formatTime(dataset.Created.at)}`
                }
              />
            ))}
          </Panel>
        </SimpleGrid>
      )}
    </Stack>
  );
}

function RecentLine({
  to,
  name,
  detail,
  badge,
}: {
  to: string;
  name: string;
  detail: string;
  badge?: ReactNode;
}) {
  return (
    <Link to={to} className="rowLink recentLine">
      <span style={{ minWidth: 0, flex: 1 }}>
        <Text component="span" display="block" fw={550} truncate>
          {name}
        </Text>
        <Text component="span" display="block" fz="sm" c="dimmed" truncate>
          {detail}
        </Text>
      </span>
      {badge}
    </Link>
  );
}

function MoreLink({ to }: { to: string }) {
  return (
    <Text fz="sm" component="span">
      <Link to={to} style={{ color: 'var(--mantine-color-anchor)' }} aria-label={`All ${to.slice(1)}`}>
        All
      </Link>
    </Text>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return (
    <Text c="dimmed" fz="sm" px="lg" pb="md">
      {children}
    </Text>
  );
}
