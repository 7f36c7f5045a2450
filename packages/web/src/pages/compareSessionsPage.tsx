import { Stack, Table, Text } from '@mantine/core';
import { BuildLog, type ModelSession } from '@athanor/schema';
import { metricsOf, useSession } from '../api.ts';
import { EmptyState } from '../components/emptyState.tsx';
import { ErrorPage } from '../components/errorPage.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { Panel } from '../components/panel.tsx';
import { Waiting } from '../components/waiting.tsx';
import { readableTime } from '../numbers/readableTime.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { Link, useLocation } from '../navigate.tsx';
import { ScrollTable } from '../components/scrollTable.tsx';

/** Two sessions side by side: what differs in how they were made, and who does better at what. */
export function CompareSessionsPage() {
  const { query } = useLocation();
  const [a, b] = (query.get('sessions') ?? '').split(',');
  if (a === undefined || b === undefined || a === '' || b === '') {
    return (
      <EmptyState isPage title="Which two?">
        Choose two sessions in the list.
      </EmptyState>
    );
  }
  return <Comparison a={a} b={b} />;
}

function Comparison({ a, b }: { a: string; b: string }) {
  const first = useSession(a);
  const second = useSession(b);
  const error = first.error ?? second.error;
  if (error !== null) return <ErrorPage error={error} />;
  if (first.data === undefined || second.data === undefined) return <Waiting />;
  const sessions = [first.data, second.data];
  const facts = sessions.map(factsOf);
  const targets = [...new Set(sessions.flatMap((session) => session.target ?? []))];
  return (
    <>
      <PageHead title="Two sessions compared" trail={[['Sessions', '/sessions']]} />
      <Stack gap="lg">
        {targets.map((target) => (
          <Panel
            key={target}
            title={target}
            hint="The default model of each, on rows it has not seen."
            isFlush
          >
            <ScrollTable
              label="Two sessions compared"
              miw={520}
              verticalSpacing="sm"
              horizontalSpacing="lg"
              className="numeric"
              fz="inherit"
            >
              <Head sessions={sessions} />
              <Table.Tbody>
                {scoreRows(sessions, target).map(({ label, cells, better }) => (
                  <Table.Tr key={label}>
                    <Table.Th scope="row" fw={450}>
                      {label}
                    </Table.Th>
                    {cells.map((cell, index) => (
                      <Table.Td key={index} fw={better === index ? 650 : 400}>
                        {cell}
                        {better === index && (
                          <Text component="span" fz="xs" c="dimmed">
                            {' '}
                            better
                          </Text>
                        )}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </ScrollTable>
          </Panel>
        ))}
        <Panel title="How they were made" hint="What differs is bold." isFlush>
          <ScrollTable
            label="Two sessions compared"
            miw={520}
            verticalSpacing="sm"
            horizontalSpacing="lg"
            fz="inherit"
            className=""
          >
            <Head sessions={sessions} />
            <Table.Tbody>
              {Object.keys(facts[0]!).map((fact) => {
                const differs = facts[0]![fact] !== facts[1]![fact];
                return (
                  <Table.Tr key={fact}>
                    <Table.Th scope="row" fw={450}>
                      {fact}
                    </Table.Th>
                    {facts.map((one, index) => (
                      <Table.Td key={index} fw={differs ? 650 : 400} style={{ overflowWrap: 'anywhere' }}>
                        {one[fact]}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </ScrollTable>
        </Panel>
      </Stack>
    </>
  );
}

function Head({ sessions }: { sessions: readonly ModelSession[] }) {
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Td w="24%" />
        {sessions.map(({ id, name }) => (
          <Table.Th key={id} scope="col">
            <Link to={`/sessions/${id}`} className="quietLink">
              {name}
            </Link>
            <Text fz="xs" c="dimmed">
              {id}
            </Text>
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  );
}

interface ScoreRow {
  readonly label: string;
  readonly cells: readonly string[];
  readonly better: number | null;
}

function scoreRows(sessions: readonly ModelSession[], target: string): ScoreRow[] {
  const entries = sessions.map((session) => {
    const metrics = metricsOf(session);
    const name = session.defaultModel ?? metrics?.defaultModel;
    return metrics?.targets
      .find((one) => one.target === target)
      ?.leaderboard.find(({ model }) => model === name);
  });
  const row = (label: string, values: readonly (number | undefined)[], isLowerBetter: boolean): ScoreRow => {
    const [x, y] = values;
    const better = x === undefined || y === undefined || x === y ? null : x < y === isLowerBetter ? 0 : 1;
    return { label, cells: values.map((value) => formatNumber(value)), better };
  };
  const coverage = entries.map(
    (entry) => entry?.metrics.coverage.find(({ level }) => level === 0.9)?.observed,
  );
  return [
    { label: 'Model', cells: entries.map((entry) => entry?.model ?? '–'), better: null },
    row(
      'CRPS',
      entries.map((entry) => entry?.metrics.crps),
      true,
    ),
    row(
      'RMSE',
      entries.map((entry) => entry?.metrics.rmse),
      true,
    ),
    row(
      'MAE',
      entries.map((entry) => entry?.metrics.mae),
      true,
    ),
    row(
      'R²',
      entries.map((entry) => entry?.metrics.r2),
      false,
    ),
    {
      label: '90 % intervals hold',
      cells: coverage.map((share) => (share === undefined ? '–' : `${(share * 100).toFixed(1)} %`)),
      better: null,
    },
  ];
}

function factsOf(session: ModelSession): Record<string, string> {
  const log = BuildLog.safeParse(session.Registry?.BuildLogs).data;
  return {
    table: session.datasetId,
    targets: (session.target ?? []).join(', '),
    inputs: log?.inputs.join(', ') ?? '–',
    question: log?.question ?? '–',
    'rows kept together by': log?.group ?? 'equal inputs',
    seed: String(log?.seed ?? '–'),
    'data file': log?.dataHash.slice(0, 16) ?? '–',
    version: log?.version ?? '–',
    'wall time': readableTime(session.totalTime),
  };
}
