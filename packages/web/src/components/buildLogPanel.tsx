import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import type { BuildLog, BuildLogLine, ModelSession } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../api.ts';
import { questionTexts } from '../pages/newSessionPage.tsx';
import { ErrorPanel } from './errorPanel.tsx';
import { LogLines } from './logLines.tsx';
import { FactList } from './factList.tsx';
import { Panel } from './panel.tsx';
import { WarningList } from './warningList.tsx';

interface BuildLogPanelProps {
  readonly session: ModelSession;
  /** Null for a session that was not built here, or not to its end. */
  readonly log: BuildLog | null;
  readonly liveLines: readonly BuildLogLine[];
}

/** The story of a build, and what is needed to repeat it. */
export function BuildLogPanel({ session, log, liveLines }: BuildLogPanelProps) {
  const queries = useQueryClient();
  const lines = log?.lines ?? liveLines;
  const rebuild = useMutation({
    mutationFn: () =>
      client.call('buildModelSession', { params: { sessionId: session.id }, body: undefined }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session', session.id] }),
  });
  const why = lines.findLast(({ code }) => code !== undefined);
  return (
    <Stack gap="lg">
      {session.state === 'Error' && (
        <Panel
          title={why?.code === 'CANCELLED' ? 'The build was cancelled' : 'The build ended without models'}
        >
          <Stack gap="sm">
            <Text fz="sm">{why?.message ?? 'The log below tells how far it came.'}</Text>
            {rebuild.error !== null && <ErrorPanel error={rebuild.error} />}
            {session.category === 'albertModel' && (
              <div>
                <Button loading={rebuild.isPending} onClick={() => rebuild.mutate()}>
                  Build again
                </Button>
              </div>
            )}
          </Stack>
        </Panel>
      )}
      {session.category === 'userModel' && log === null && (
        <Panel title="A session of your own models">
          <Text fz="sm">
            Its models are posted by a program; those posted as Queued are built here.{' '}
            {session.modelCount ?? 0} models so far.
          </Text>
        </Panel>
      )}
      <SimpleGrid cols={{ base: 1, lg: log === null ? 1 : 2 }} spacing="lg">
        <Panel title="Log">
          <LogLines lines={lines} />
        </Panel>
        {log !== null && (
          <Panel
            title="Where it comes from"
            hint="Enough to repeat it: the same data and seed give the same models."
          >
            <FactList
              facts={[
                ['table', session.datasetId],
                ['SHA-256 of the file', <code key="hash">{log.dataHash}</code>],
                [
                  'question',
                  log.question in questionTexts
                    ? questionTexts[log.question as keyof typeof questionTexts].label
                    : log.question,
                ],
                ['rows kept together by', log.group ?? 'equal inputs'],
                ['inputs', log.inputs.join(', ')],
                ['seed', log.seed],
                ['version', `${log.version}, ${log.arithmetic}`],
              ]}
            />
            {log.warnings.length > 0 && (
              <Group mt="md">
                <WarningList warnings={log.warnings} />
              </Group>
            )}
          </Panel>
        )}
      </SimpleGrid>
    </Stack>
  );
}
