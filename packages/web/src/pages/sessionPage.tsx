import { Button, Group, Menu, Stack, Tabs, Text, TextInput } from '@mantine/core';
import { BuildLog, type ModelSession } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { client, isBusy, metricsOf, useDataset, useSession } from '../api.ts';
import { useBuildStory } from '../buildStory.ts';
import { codeOf, curlOf, pythonText } from '../code/codeOf.ts';
import { BuildLogPanel } from '../components/buildLogPanel.tsx';
import { BuildProgressPanel } from '../components/buildProgressPanel.tsx';
import { CopyAs } from '../components/copyAs.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorPage } from '../components/errorPage.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { ResultsPanel } from '../components/resultsPanel.tsx';
import { StateBadge } from '../components/stateBadge.tsx';
import { Waiting } from '../components/waiting.tsx';
import { readableTime } from '../numbers/readableTime.ts';
import { formatTime } from '../numbers/formatTime.ts';
import { Link, navigate } from '../navigate.tsx';

const ExplorePanel = lazy(() =>
  import('../components/explorePanel.tsx').then(({ ExplorePanel: shown }) => ({ default: shown })),
);

const DesignPanel = lazy(() =>
  import('../components/designPanel.tsx').then(({ DesignPanel: shown }) => ({ default: shown })),
);

/** A session: its build while it runs, how good its models are, and what they say. */
export function SessionPage({ sessionId, tab }: { sessionId: string; tab: string }) {
  const session = useSession(sessionId);
  const isBuilding = isBusy(session.data?.state) && session.data?.category === 'albertModel';
  const dataset = useDataset(session.data?.datasetId);
  const hasFailed = session.data?.state === 'Error' && metricsOf(session.data) === null;
  const story = useBuildStory(sessionId, isBuilding ? 'building' : hasFailed ? 'ended' : null);

  if (session.error !== null && session.data === undefined) {
    return <ErrorPage error={session.error} onRetry={() => void session.refetch()} />;
  }
  if (session.data === undefined) return <Waiting />;
  const metrics = metricsOf(session.data);
  const log = BuildLog.safeParse(session.data.Registry?.BuildLogs);
  const isCancelled = [...(log.data?.lines ?? []), ...story.lines].some(({ code }) => code === 'CANCELLED');
  return (
    <>
      <PageHead
        title={session.data.name}
        trail={[['Sessions', '/sessions']]}
        badge={
          session.data.state === 'Error' && isCancelled ? (
            <StateBadge state="Error" label="Cancelled" />
          ) : (
            <StateBadge state={session.data.state} />
          )
        }
        detail={
          <>
            {sessionId} · from{' '}
            <Link to={`/datasets/${session.data.datasetId}`} className="textLink">
              {dataset.data?.name ?? session.data.datasetId}
            </Link>{' '}
            · {formatTime(session.data.Created.at)} by {session.data.Created.byName}
            {session.data.parentSessionId !== undefined && (
              <>
                {' · follows '}
                <Link to={`/sessions/${session.data.parentSessionId}`} className="textLink">
                  {session.data.parentSessionId}
                </Link>{' '}
                (
                <Link
                  to={`/compare?sessions=${session.data.parentSessionId},${sessionId}`}
                  className="textLink"
                >
                  compare
                </Link>
                )
              </>
            )}
            {session.data.totalTime !== undefined && ` · took ${readableTime(session.data.totalTime)}`}
          </>
        }
        actions={
          <>
            <SessionMenu session={session.data} isBuilding={isBuilding} />
            {tab !== 'explore' && tab !== 'design' && <CopyAs code={codeFor(sessionId)} />}
          </>
        }
      />
      {isBuilding ? (
        <BuildProgressPanel session={session.data} story={story} />
      ) : (
        <Tabs
          value={metrics === null ? 'log' : tab}
          onChange={(value) =>
            navigate(value === 'results' ? `/sessions/${sessionId}` : `/sessions/${sessionId}/${value}`)
          }
          keepMounted={false}
        >
          <Tabs.List mb="lg" className="noPrint">
            {metrics !== null && <Tabs.Tab value="results">Results</Tabs.Tab>}
            {metrics !== null && <Tabs.Tab value="explore">Explore</Tabs.Tab>}
            {metrics !== null && <Tabs.Tab value="design">Design</Tabs.Tab>}
            <Tabs.Tab value="log">Log</Tabs.Tab>
          </Tabs.List>
          {metrics !== null && (
            <Tabs.Panel value="results">
              <ResultsPanel session={session.data} metrics={metrics} />
            </Tabs.Panel>
          )}
          {metrics !== null && (
            <Tabs.Panel value="explore">
              <Suspense fallback={<Waiting rows={3} height={120} />}>
                <ExplorePanel session={session.data} metrics={metrics} inputs={log.data?.inputs ?? []} />
              </Suspense>
            </Tabs.Panel>
          )}
          {metrics !== null && (
            <Tabs.Panel value="design">
              <Suspense fallback={<Waiting rows={3} height={120} />}>
                <DesignPanel session={session.data} metrics={metrics} />
              </Suspense>
            </Tabs.Panel>
          )}
          <Tabs.Panel value="log">
            <BuildLogPanel session={session.data} log={log.data ?? null} liveLines={story.lines} />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}

function SessionMenu({ session, isBuilding }: { session: ModelSession; isBuilding: boolean }) {
  const [asked, setAsked] = useState<'delete' | 'rename' | null>(null);
  const [name, setName] = useState(session.name);
  const queries = useQueryClient();
  const params = { sessionId: session.id };
  const refresh = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: ['session', session.id] });
    await queries.invalidateQueries({ queryKey: ['sessions'] });
  };
  const rename = useMutation({
    mutationFn: () =>
      client.call('patchModelSession', {
        params,
        body: {
          data: [{ operation: 'update', attribute: 'name', oldValue: session.name, newValue: name.trim() }],
        },
      }),
    onSuccess: async () => {
      setAsked(null);
      await refresh();
    },
  });
  const rebuild = useMutation({
    mutationFn: () => client.call('buildModelSession', { params, body: undefined }),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: () => client.call('deleteModelSession', { params }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['sessions'] });
      navigate('/sessions');
    },
  });
  const close = (): void => setAsked(null);
  return (
    <>
      {rebuild.error !== null && <ErrorPanel error={rebuild.error} />}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="sm" aria-label="More for this session">
            <Icon name="more" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsked('rename')}>Rename</Menu.Item>
          <Menu.Item
            disabled={isBuilding || session.category !== 'albertModel'}
            onClick={() => rebuild.mutate()}
          >
            Build again
          </Menu.Item>
          <Menu.Item onClick={() => navigate(`/sessions/new?dataset=${session.datasetId}`)}>
            New session on this table
          </Menu.Item>
          <Menu.Item onClick={() => window.print()}>Print</Menu.Item>
          <Menu.Item c="var(--mantine-color-error)" onClick={() => setAsked('delete')}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog isOpen={asked === 'rename'} onClose={close} title="Rename the session">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            rename.mutate();
          }}
        >
          <Stack gap="md">
            <TextInput
              label="Name"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={500}
              data-autofocus
            />
            {rename.error !== null && <ErrorPanel error={rename.error} />}
            <Group justify="flex-end">
              <Button type="submit" loading={rename.isPending} disabled={name.trim() === ''}>
                Rename
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
      <Dialog isOpen={asked === 'delete'} onClose={close} title={`Delete ${session.name}?`}>
        <Stack gap="md">
          <Text fz="sm">Its models and their files are removed for everybody. The table stays.</Text>
          {remove.error !== null && <ErrorPanel error={remove.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              Delete
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}

/** Our builds say seconds; programs may say anything. */
function codeFor(sessionId: string) {
  const origin = window.location.origin;
  return codeOf(
    [
      `session = client.btmodelsessions.get_by_id(id=${pythonText(sessionId)})`,
      'for target in session.registry.metrics["targets"]:',
      '    for entry in target["leaderboard"]:',
      '        print(target["target"], entry["rank"], entry["model"], entry["metrics"]["rmse"])',
    ],
    [curlOf(origin, 'GET', `/btmodel/${sessionId}`), curlOf(origin, 'GET', `/btmodel/${sessionId}/model`)],
    origin,
  );
}
