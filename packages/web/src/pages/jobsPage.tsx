import { Button, Progress, Text } from '@mantine/core';
import { basePath, type Job } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useJobs } from '../api.ts';
import { EmptyState } from '../components/emptyState.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { ListTable } from '../components/listTable.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { Waiting } from '../components/waiting.tsx';
import { Link, navigate } from '../navigate.tsx';
import { formatDuration } from '../numbers/formatDuration.ts';
import { formatTime } from '../numbers/formatTime.ts';

const kindNames: Record<Job['kind'], string> = {
  build: 'Build',
  insight: 'Insight',
  smartDataset: 'Smart dataset',
};
const stateOrder: Record<Job['state'], number> = { running: 0, waiting: 1, failed: 2, cancelled: 3, done: 4 };

/** What the server works on, what waits, and what ended lately. */
export function JobsPage() {
  const jobs = useJobs();
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: async (path: string) => {
      const response = await fetch(basePath + path, { method: 'POST' });
      if (!response.ok) throw new Error(`The job could not be cancelled (status ${response.status}).`);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  });
  return (
    <>
      <PageHead title="Jobs" detail="What the server works on now, what waits, and what ended lately." />
      {jobs.isPending && <Waiting />}
      {jobs.error !== null && <ErrorPanel error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {cancel.error !== null && <ErrorPanel error={cancel.error} />}
      {jobs.data !== undefined && (
        <ListTable
          items={jobs.data}
          noun="jobs"
          keyOf={(job) => job.id}
          textOf={(job) =>
            [job.subject.id, job.subject.name, kindNames[job.kind], job.state, job.byName, job.stage].join(
              ' ',
            )
          }
          empty={
            <EmptyState
              title="Nothing to do"
              action={<Button onClick={() => navigate('/')}>Start with a table</Button>}
            />
          }
          columns={[
            {
              title: 'What',
              order: (job) => job.subject.name.toLowerCase(),
              show: (job) => (
                <>
                  <SubjectLink job={job} />
                  <Text fz="xs" c="dimmed">
                    {kindNames[job.kind]} · {job.subject.id}
                  </Text>
                </>
              ),
            },
            { title: 'State', order: (job) => stateOrder[job.state], show: (job) => <JobState job={job} /> },
            { title: 'By', order: (job) => job.byName, show: (job) => job.byName },
            {
              title: 'Asked',
              order: (job) => job.queuedAt,
              show: (job) => <span className="oneLine">{formatTime(job.queuedAt)}</span>,
            },
            { title: 'Took', isNumeric: true, show: durationOf },
            {
              title: 'Stop',
              show: ({ cancelPath, subject }) =>
                cancelPath !== null && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Cancel ${subject.name}`}
                    loading={cancel.isPending && cancel.variables === cancelPath}
                    onClick={() => cancel.mutate(cancelPath)}
                  >
                    Cancel
                  </Button>
                ),
            },
          ]}
        />
      )}
    </>
  );
}

function SubjectLink({ job: { subject } }: { job: Job }) {
  const place = { modelSession: 'sessions', insight: 'insights', model: null, smartDataset: null }[
    subject.kind
  ];
  if (place === null) return <Text fw={550}>{subject.name}</Text>;
  return (
    <Link to={`/${place}/${subject.id}`} className="quietLink" style={{ fontWeight: 550 }}>
      {subject.name}
    </Link>
  );
}

function JobState({ job }: { job: Job }): ReactNode {
  const { state, stage, progress, remainingSeconds, failure } = job;
  if (state === 'running') {
    return (
      <div style={{ minWidth: 190 }}>
        <Progress
          value={(progress ?? 0) * 100}
          size="sm"
          radius="xl"
          aria-label={`${job.subject.name}: share that is done`}
        />
        <Text fz="xs" c="dimmed" className="numeric">
          {[
            progress === null ? 'running' : `${Math.round(progress * 100)} %`,
            remainingSeconds === null ? null : `about ${formatDuration(remainingSeconds)} to go`,
            stage === '' ? null : stage,
          ]
            .filter((part) => part !== null)
            .join(' · ')}
        </Text>
      </div>
    );
  }
  if (failure !== null && state === 'failed') {
    return (
      <Text fz="sm" c="var(--page-measured)" maw={320} style={{ overflowWrap: 'anywhere' }}>
        failed: {failure.message}
      </Text>
    );
  }
  return <Text fz="sm">{state}</Text>;
}

function durationOf({ startedAt, endedAt }: Job): string {
  if (startedAt === null) return '–';
  const end = endedAt === null ? Date.now() : Date.parse(endedAt);
  return formatDuration(Math.max(0, (end - Date.parse(startedAt)) / 1000));
}
