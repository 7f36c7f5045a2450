import { Button, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { type ModelSession, SessionModelSummary } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Fragment } from 'react';
import { z } from 'zod';
import { client } from '../api.ts';
import type { BuildStory } from '../buildStory.ts';
import { formatDuration } from '../numbers/formatDuration.ts';
import { ErrorPanel } from './errorPanel.tsx';
import { Icon } from './icon.tsx';
import { LogLines } from './logLines.tsx';
import { Panel } from './panel.tsx';

const Summaries = z.array(SessionModelSummary);

/** A build while it runs: how far, what now, which models, and the way to stop it. */
export function BuildProgressPanel({ session, story }: { session: ModelSession; story: BuildStory }) {
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => client.call('cancelModelSession', { params: { sessionId: session.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session', session.id] }),
  });
  const { progress, lines, isConnected } = story;
  const percent = Math.round((progress?.fraction ?? 0) * 100);
  const models = Summaries.safeParse(session.albertModelDetails?.['models']).data ?? [];
  const fitted = new Set(
    lines.filter(({ stage }) => stage === 'fit').map(({ message }) => message.slice(0, message.indexOf(':'))),
  );
  const now = progress?.stage ?? 'Waiting for a free place';
  return (
    <Stack gap="lg">
      <Panel>
        <Stack gap="sm">
          <Group justify="space-between" align="flex-end" gap="sm">
            <div style={{ minWidth: 0 }}>
              <Text fz="xl" fw={650} className="numeric" lts="-0.01em">
                {percent} %
              </Text>
              <Text role="status" fz="sm" style={{ overflowWrap: 'anywhere' }}>
                {isConnected ? now : 'Connecting'}
              </Text>
            </div>
            <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel the build
            </Button>
          </Group>
          <Progress value={percent} size="lg" radius="xl" aria-label="Share of the build that is done" />
          <Text fz="sm" c="dimmed" className="numeric">
            {progress === null
              ? ' '
              : [
                  `${progress.modelsDone} of ${progress.modelsTotal} models`,
                  `${formatDuration(progress.elapsedSeconds)} so far`,
                  progress.remainingSeconds === null
                    ? null
                    : `about ${formatDuration(progress.remainingSeconds)} to go`,
                ]
                  .filter((part) => part !== null)
                  .join(' · ')}
          </Text>
          {(progress?.targets.length ?? 0) > 1 && (
            <dl className="targetProgress">
              {(session.target ?? []).map((target) => {
                const share = progress!.targets.find((one) => one.target === target)?.fraction ?? 0;
                return (
                  <Fragment key={target}>
                    <dt>{target}</dt>
                    <dd>
                      <Progress
                        value={share * 100}
                        size="sm"
                        radius="xl"
                        aria-label={`${target}: share that is done`}
                      />
                      <span className="numeric">{Math.round(share * 100)} %</span>
                    </dd>
                  </Fragment>
                );
              })}
            </dl>
          )}
          {cancel.error !== null && <ErrorPanel error={cancel.error} />}
        </Stack>
      </Panel>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Panel title="Models" hint={`for ${(session.target ?? []).join(', ')}`}>
          <Stack gap={6} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
            {models.map(({ id, name }) => {
              const isDone = fitted.has(name);
              const isNow = !isDone && now.startsWith(`${name} for `);
              return (
                <Group key={id} component="li" gap="sm" wrap="nowrap">
                  <span style={{ width: 18, display: 'inline-flex', color: 'var(--page-model)' }}>
                    {isDone ? (
                      <Icon name="check" size={16} />
                    ) : (
                      <span className="modelDot" data-now={isNow || undefined} />
                    )}
                  </span>
                  <Text fz="sm" fw={isNow ? 600 : 400}>
                    {name}
                  </Text>
                  <Text fz="xs" c="dimmed">
                    {isDone ? 'fitted' : isNow ? 'being fitted' : 'waiting'}
                  </Text>
                </Group>
              );
            })}
          </Stack>
        </Panel>
        <Panel title="Log">
          <LogLines lines={lines} height={260} />
        </Panel>
      </SimpleGrid>
    </Stack>
  );
}
