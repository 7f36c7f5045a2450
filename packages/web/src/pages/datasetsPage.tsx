import { Button, Collapse } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useDatasets } from '../api.ts';
import { codeOf, curlOf } from '../code/codeOf.ts';
import { CopyAs } from '../components/copyAs.tsx';
import { EmptyState } from '../components/emptyState.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { ListTable } from '../components/listTable.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { TableDrop } from '../components/tableDrop.tsx';
import { Waiting } from '../components/waiting.tsx';
import { formatTime } from '../numbers/formatTime.ts';
import { Link, navigate } from '../navigate.tsx';

/** All tables, newest first. */
export function DatasetsPage() {
  const datasets = useDatasets();
  const [isAdding, { toggle }] = useDisclosure(false);
  const origin = window.location.origin;
  const code = codeOf(
    ['for dataset in client.btdatasets.get_all():', '    print(dataset.id, dataset.name)'],
    [curlOf(origin, 'GET', '/btdataset')],
    origin,
  );
  return (
    <>
      <PageHead
        title="Datasets"
        detail="Tables of experiments, as they were read."
        actions={
          <>
            <CopyAs code={code} />
            <Button onClick={toggle} aria-expanded={isAdding}>
              Add a table
            </Button>
          </>
        }
      />
      <Collapse expanded={isAdding} mb={isAdding ? 'lg' : 0}>
        <TableDrop hasExample onDataset={(dataset) => navigate(`/datasets/${dataset.albertId}`)} />
      </Collapse>
      {datasets.isPending && <Waiting />}
      {datasets.error !== null && (
        <ErrorPanel error={datasets.error} onRetry={() => void datasets.refetch()} />
      )}
      {datasets.data !== undefined && (
        <ListTable
          items={datasets.data.toReversed()}
          noun="datasets"
          keyOf={(dataset) => dataset.albertId}
          textOf={(dataset) => `${dataset.albertId} ${dataset.name} ${dataset.fileName ?? ''}`}
          empty={
            <EmptyState
              title="No tables yet"
              action={<Button onClick={() => navigate('/')}>Bring one</Button>}
            >
              Start with a spreadsheet of experiments, or with the example.
            </EmptyState>
          }
          columns={[
            {
              title: 'Name',
              order: (dataset) => dataset.name.toLowerCase(),
              show: (dataset) => (
                <Link to={`/datasets/${dataset.albertId}`} className="quietLink" style={{ fontWeight: 550 }}>
                  {dataset.name}
                </Link>
              ),
            },
            { title: 'Id', show: (dataset) => dataset.albertId },
            {
              title: 'Rows',
              isNumeric: true,
              order: (dataset) => dataset.rowCount ?? 0,
              show: (dataset) => dataset.rowCount ?? '–',
            },
            {
              title: 'Columns',
              isNumeric: true,
              order: (dataset) => dataset.columnCount ?? 0,
              show: (dataset) => dataset.columnCount ?? '–',
            },
            {
              title: 'Added by',
              order: (dataset) => dataset.Created.byName,
              show: (dataset) => dataset.Created.byName,
            },
            {
              title: 'Added',
              order: (dataset) => dataset.Created.at,
              show: (dataset) => formatTime(dataset.Created.at),
            },
          ]}
        />
      )}
    </>
  );
}
