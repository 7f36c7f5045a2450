import { Button, Text } from '@mantine/core';
import { useAllModels } from '../api.ts';
import { EmptyState } from '../components/emptyState.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { ListTable } from '../components/listTable.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { StateBadge } from '../components/stateBadge.tsx';
import { Waiting } from '../components/waiting.tsx';
import { Link, navigate } from '../navigate.tsx';
import { readableTime } from '../numbers/readableTime.ts';

/** Every model, of sessions and alone. */
export function ModelsPage() {
  const models = useAllModels();
  return (
    <>
      <PageHead
        title="Models"
        detail="Every trained model with its session, ready to predict when complete."
      />
      {models.isPending && <Waiting />}
      {models.error !== null && <ErrorPanel error={models.error} onRetry={() => void models.refetch()} />}
      {models.data !== undefined && (
        <ListTable
          items={models.data}
          noun="models"
          keyOf={(model) => model.id}
          textOf={(model) =>
            [model.id, model.name, model.parentId, model.state, ...(model.target ?? [])].join(' ')
          }
          empty={
            <EmptyState
              title="No models yet"
              action={<Button onClick={() => navigate('/')}>Start with a table</Button>}
            />
          }
          columns={[
            {
              title: 'Name',
              order: (model) => model.name.toLowerCase(),
              show: (model) =>
                model.parentId === undefined ? (
                  <Text fw={550}>{model.name}</Text>
                ) : (
                  <Link
                    to={`/sessions/${model.parentId}?model=${encodeURIComponent(model.name)}`}
                    className="quietLink"
                    style={{ fontWeight: 550 }}
                  >
                    {model.name}
                  </Link>
                ),
            },
            { title: 'Id', show: (model) => model.id },
            {
              title: 'Session',
              order: (model) => model.parentId ?? '',
              show: (model) => model.parentId ?? 'none',
            },
            { title: 'Targets', show: (model) => (model.target ?? []).join(', ') || '–' },
            {
              title: 'State',
              order: (model) => model.state ?? '',
              show: (model) => (model.state === undefined ? '–' : <StateBadge state={model.state} />),
            },
            { title: 'Ready after', isNumeric: true, show: (model) => readableTime(model.totalTime) },
          ]}
        />
      )}
    </>
  );
}
