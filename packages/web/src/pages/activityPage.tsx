import { Button, Center } from '@mantine/core';
import type { AuditEntry } from '@athanor/schema';
import type { ReactNode } from 'react';
import { useActivity } from '../api.ts';
import { EmptyState } from '../components/emptyState.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { ListTable } from '../components/listTable.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { Waiting } from '../components/waiting.tsx';
import { Link } from '../navigate.tsx';
import { formatTime } from '../numbers/formatTime.ts';

const verbs: Record<AuditEntry['action'], string> = {
  create: 'made',
  update: 'changed',
  delete: 'deleted',
  build: 'built',
  cancel: 'cancelled',
  upload: 'uploaded',
  revoke: 'revoked',
};

/** Who did what to which record; nothing of it is ever changed. */
export function ActivityPage() {
  const activity = useActivity();
  const entries = activity.data?.pages.flatMap(({ Items }) => Items) ?? [];
  return (
    <>
      <PageHead title="Activity" detail="Who did what, newest first. Entries are never changed or deleted." />
      {activity.isPending && <Waiting />}
      {activity.error !== null && (
        <ErrorPanel error={activity.error} onRetry={() => void activity.refetch()} />
      )}
      {activity.data !== undefined && (
        <ListTable
          items={entries}
          noun="entries"
          keyOf={(entry) => String(entry.number)}
          textOf={(entry) =>
            [entry.byName, entry.action, verbs[entry.action], entry.kind, entry.record].join(' ')
          }
          empty={<EmptyState title="Nothing has happened yet" />}
          columns={[
            {
              title: 'When',
              order: (entry) => entry.number,
              show: (entry) => <span className="oneLine">{formatTime(entry.at)}</span>,
            },
            { title: 'Who', order: (entry) => entry.byName, show: (entry) => entry.byName },
            { title: 'Did', order: (entry) => entry.action, show: (entry) => verbs[entry.action] },
            { title: 'What', order: (entry) => entry.kind, show: (entry) => inWords(entry.kind) },
            { title: 'Record', show: (entry) => recordOf(entry) },
            {
              title: 'Fields',
              show: (entry) =>
                Object.keys(entry.after ?? {})
                  .slice(0, 4)
                  .join(', ') || '–',
            },
          ]}
        />
      )}
      {activity.hasNextPage && (
        <Center mt="md">
          <Button
            variant="default"
            loading={activity.isFetchingNextPage}
            onClick={() => void activity.fetchNextPage()}
          >
            Older entries
          </Button>
        </Center>
      )}
    </>
  );
}

const places: readonly (readonly [prefix: string, place: string])[] = [
  ['DST', 'datasets'],
  ['MDS', 'sessions'],
  ['INS', 'insights'],
];

/** `modelSession` as `model session`. */
function inWords(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A link to what still has a page. */
function recordOf({ record, action }: AuditEntry): ReactNode {
  const place = places.find(([prefix]) => record.startsWith(prefix))?.[1];
  // Of a file the name is enough; the rest of its key tells nobody anything.
  if (record.includes('/')) return <span title={record}>{record.slice(record.lastIndexOf('/') + 1)}</span>;
  if (place === undefined || action === 'delete') return record;
  return (
    <Link to={`/${place}/${record}`} className="quietLink">
      {record}
    </Link>
  );
}
