import { Button, Group, Menu, Stack, Tabs, Text, Title } from '@mantine/core';
import type { DatasetProfile, Variable, VariableRole, Warning } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { client, useDataset, useProfile, useSaveVariables, useSessions } from '../api.ts';
import { codeOf, curlOf, pythonText } from '../code/codeOf.ts';
import { ColumnCard } from '../components/columnCard.tsx';
import { CopyAs } from '../components/copyAs.tsx';
import { DataTable } from '../components/dataTable.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorPage } from '../components/errorPage.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { Panel } from '../components/panel.tsx';
import { StateBadge } from '../components/stateBadge.tsx';
import { Waiting } from '../components/waiting.tsx';
import { WarningList } from '../components/warningList.tsx';
import { Link, navigate, useQueryChoice } from '../navigate.tsx';

const RelationsPanel = lazy(() =>
  import('../components/relationsPanel.tsx').then(({ RelationsPanel: shown }) => ({ default: shown })),
);

const sections: readonly { title: string; roles: readonly VariableRole[]; hint: string }[] = [
  { title: 'Targets', roles: ['target'], hint: 'What you measured and want to predict.' },
  {
    title: 'Inputs',
    roles: ['input'],
    hint: 'What models learn from: what you chose before the experiment.',
  },
  {
    title: 'Not learned from',
    roles: ['group', 'identifier', 'ignored'],
    hint: 'Kept and shown, but no model sees it.',
  },
];

/** A table as it was read: columns with what they were taken for, every cell, and how columns go together. */
export function DatasetPage({ datasetId }: { datasetId: string }) {
  const dataset = useDataset(datasetId);
  const profile = useProfile(dataset.data?.dataHash === undefined ? undefined : datasetId);
  const sessions = useSessions(datasetId);
  const save = useSaveVariables(datasetId);
  const [tab, setTab] = useQueryChoice('tab');
  const [shownWarning, setShownWarning] = useState<Warning | null>(null);

  if (dataset.error !== null)
    return <ErrorPage error={dataset.error} onRetry={() => void dataset.refetch()} />;
  if (dataset.data === undefined) return <Waiting />;
  const { name } = dataset.data;
  const showCells = (warning: Warning): void => {
    setShownWarning(warning);
    setTab('table');
  };
  return (
    <>
      <PageHead
        title={name}
        trail={[['Datasets', '/datasets']]}
        detail={profile.data === undefined ? datasetId : `${datasetId} · ${describe(profile.data)}`}
        actions={
          <>
            <DatasetMenu datasetId={datasetId} storageKey={dataset.data.key} name={name} />
            <CopyAs code={codeFor(datasetId, dataset.data.key)} />
            <Button
              disabled={profile.data === undefined}
              leftSection={<Icon name="session" size={16} />}
              onClick={() => navigate(`/sessions/new?dataset=${datasetId}`)}
            >
              Build models
            </Button>
          </>
        }
      />
      {save.error !== null && <ErrorPanel error={save.error} />}
      {profile.error !== null && <ErrorPanel error={profile.error} onRetry={() => void profile.refetch()} />}
      {profile.isLoading && <Waiting rows={6} height={90} />}
      {dataset.data.dataHash === undefined && (
        <Panel title="This dataset has no data yet">
          <Text fz="sm" c="dimmed">
            Its record was made by a program that has not uploaded a file. Once it has a file, the table
            appears here.
          </Text>
        </Panel>
      )}
      {profile.data !== undefined && (
        <Tabs
          value={tab ?? 'columns'}
          onChange={(value) => setTab(value === 'columns' ? null : value)}
          keepMounted={false}
        >
          <Tabs.List mb="lg" className="noPrint">
            <Tabs.Tab value="columns">Columns</Tabs.Tab>
            <Tabs.Tab value="table">Table</Tabs.Tab>
            <Tabs.Tab value="relations">Relations</Tabs.Tab>
            <Tabs.Tab value="sessions">
              Sessions{sessions.data === undefined ? '' : ` (${sessions.data.length})`}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="columns">
            <Columns profile={profile.data} save={save} onShow={showCells} />
          </Tabs.Panel>
          <Tabs.Panel value="table">
            <TableTab
              datasetId={datasetId}
              profile={profile.data}
              shown={shownWarning}
              onDone={() => setShownWarning(null)}
            />
          </Tabs.Panel>
          <Tabs.Panel value="relations">
            <Suspense fallback={<Waiting rows={1} height={400} />}>
              <RelationsPanel datasetId={datasetId} profile={profile.data} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="sessions">
            <Panel title="Sessions built on this table" isFlush>
              {sessions.data?.map((session) => (
                <Link key={session.id} to={`/sessions/${session.id}`} className="rowLink recentLine">
                  <span style={{ flex: 1, minWidth: 0 }}>
                    <Text component="span" display="block" fw={550} truncate>
                      {session.name}
                    </Text>
                    <Text component="span" display="block" fz="sm" c="dimmed" truncate>
                      {session.id} · {(session.target ?? []).join(', ')}
                    </Text>
                  </span>
                  <StateBadge state={session.state} />
                </Link>
              ))}
              {sessions.data?.length === 0 && (
                <Text px="lg" pb="md" fz="sm" c="dimmed">
                  None yet.
                </Text>
              )}
            </Panel>
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}

interface ColumnsProps {
  readonly profile: DatasetProfile;
  readonly save: ReturnType<typeof useSaveVariables>;
  readonly onShow: (warning: Warning) => void;
}

function Columns({ profile, save, onShow }: ColumnsProps) {
  const warnings = warningsOf(profile);
  const columns = new Map(profile.columns.map((column) => [column.key, column]));
  const saving = save.isPending ? new Set(save.variables.map(({ key }) => key)) : new Set<string>();
  return (
    <Stack gap="xl">
      {warnings.length > 0 && (
        <Panel title="Worth a look" hint="What was guessed, changed or looks odd while reading.">
          <WarningList
            warnings={warnings}
            variables={profile.variables}
            onShow={onShow}
            onFix={(override) => save.mutate([override])}
          />
        </Panel>
      )}
      {sections.map(({ title, roles, hint }) => {
        const variables = profile.variables.filter(({ role }) => roles.includes(role));
        if (variables.length === 0) return null;
        return (
          <section key={title} aria-label={title}>
            <Group gap="xs" align="baseline" mb="sm">
              <Title order={2}>
                {title}{' '}
                <span style={{ fontWeight: 400, color: 'var(--mantine-color-dimmed)' }}>
                  {variables.length}
                </span>
              </Title>
              <Text fz="sm" c="dimmed">
                {hint}
              </Text>
            </Group>
            <div className="columnCards">
              {variables.map((variable) => (
                <ColumnCard
                  key={variable.key}
                  variable={variable}
                  profile={columns.get(variable.key)}
                  rowCount={profile.rowCount}
                  isSaving={saving.has(variable.key)}
                  onSave={(override) => save.mutate([override])}
                />
              ))}
            </div>
          </section>
        );
      })}
    </Stack>
  );
}

interface TableTabProps {
  readonly datasetId: string;
  readonly profile: DatasetProfile;
  readonly shown: Warning | null;
  readonly onDone: () => void;
}

function TableTab({ datasetId, profile, shown, onDone }: TableTabProps) {
  const [row] = useQueryChoice('row');
  const rows = shown?.rows ?? (row === null ? [] : [Number(row)]);
  return (
    <Stack gap="sm">
      {shown !== null && (
        <Group className="surface" px="md" py="xs" justify="space-between" wrap="nowrap">
          <Text fz="sm">{shown.message}</Text>
          <Button size="compact-sm" variant="default" onClick={onDone}>
            Done
          </Button>
        </Group>
      )}
      <div className="surface" style={{ overflow: 'hidden' }}>
        <DataTable
          datasetId={datasetId}
          columns={profile.variables.map(({ key }) => key)}
          variables={profile.variables}
          rowCount={profile.rowCount}
          markedRows={rows}
          markedColumn={shown?.column ?? null}
        />
      </div>
    </Stack>
  );
}

function DatasetMenu({
  datasetId,
  storageKey,
  name,
}: {
  datasetId: string;
  storageKey: string | undefined;
  name: string;
}) {
  const [isAsking, setAsking] = useState(false);
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => client.call('deleteDataset', { params: { datasetId } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['datasets'] });
      navigate('/datasets');
    },
  });
  const download = async (): Promise<void> => {
    const { URL: address } = await client.call('signDownload', {
      query: { name: storageKey!, namespace: 'breakthrough' },
    });
    window.location.assign(address);
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="sm" aria-label="More for this dataset">
            <Icon name="more" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={storageKey === undefined} onClick={() => void download()}>
            Download the file
          </Menu.Item>
          <Menu.Item c="var(--mantine-color-error)" onClick={() => setAsking(true)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog isOpen={isAsking} onClose={() => setAsking(false)} title={`Delete ${name}?`}>
        <Stack gap="md">
          <Text fz="sm">
            The table is removed for everybody. Datasets that sessions use cannot be deleted.
          </Text>
          {remove.error !== null && <ErrorPanel error={remove.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
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

/** Warnings of the table and of its columns, those that speak of the same once. */
function warningsOf(profile: DatasetProfile): Warning[] {
  const all = [...profile.warnings, ...profile.variables.flatMap((variable: Variable) => variable.warnings)];
  const seen = new Set<string>();
  return all.filter(({ code, column, message }) => {
    const identity = `${code} ${column ?? ''} ${message}`;
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

function describe({
  rowCount,
  columnCount,
  format,
  replicateRowCount,
  duplicateRowCount,
}: DatasetProfile): string {
  const delimiters: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };
  const read =
    format.kind === 'csv'
      ? `CSV with ${delimiters[format.delimiter ?? ','] ?? format.delimiter}, decimal ${format.decimalMark === ',' ? 'comma' : 'point'}`
      : format.kind === 'xlsx'
        ? `Excel, sheet ${format.sheet ?? '1'}`
        : 'Parquet';
  return [
    `${rowCount} rows`,
    `${columnCount} columns`,
    read,
    replicateRowCount > 0 ? `${replicateRowCount} rows repeat others in all inputs` : null,
    duplicateRowCount > 0 ? `${duplicateRowCount} exact duplicates` : null,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function codeFor(datasetId: string, key: string | undefined) {
  const origin = window.location.origin;
  return codeOf(
    [
      `dataset = client.btdatasets.get_by_id(id=${pythonText(datasetId)})`,
      `profile = client.session.get("/api/v3/btdataset/${datasetId}/profile").json()`,
      `rows = client.session.get("/api/v3/btdataset/${datasetId}/rows", params={"limit": 1000}).json()`,
    ],
    [
      curlOf(origin, 'GET', `/btdataset/${datasetId}/profile`),
      curlOf(origin, 'GET', `/btdataset/${datasetId}/rows?limit=1000`),
      ...(key === undefined
        ? []
        : [curlOf(origin, 'GET', `/files/sign?namespace=breakthrough&name=${encodeURIComponent(key)}`)]),
    ],
    origin,
  );
}
