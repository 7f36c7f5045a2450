import { useInsights } from '../api.ts';
import { codeOf, curlOf } from '../code/codeOf.ts';
import { CopyAs } from '../components/copyAs.tsx';
import { EmptyState } from '../components/emptyState.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { ListTable } from '../components/listTable.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { StateBadge } from '../components/stateBadge.tsx';
import { Waiting } from '../components/waiting.tsx';
import { Link } from '../navigate.tsx';
import { formatTime } from '../numbers/formatTime.ts';

/** What was found out beyond models: optimizers' results, impact charts, proposed experiments. */
export function InsightsPage() {
  const insights = useInsights();
  const origin = window.location.origin;
  const code = codeOf(
    ['for insight in client.btinsights.search():', '    print(insight.id, insight.category, insight.name)'],
    [curlOf(origin, 'GET', '/btinsight/search')],
    origin,
  );
  return (
    <>
      <PageHead
        title="Insights"
        detail="Proposed experiments, impact charts and results of optimizers, made here or by programs."
        actions={<CopyAs code={code} />}
      />
      {insights.isPending && <Waiting />}
      {insights.error !== null && (
        <ErrorPanel error={insights.error} onRetry={() => void insights.refetch()} />
      )}
      {insights.data !== undefined && (
        <ListTable
          items={insights.data}
          noun="insights"
          keyOf={(insight) => insight.albertId}
          textOf={(insight) =>
            [insight.albertId, insight.name, insight.category, insight.state, insight.modelSessionId].join(
              ' ',
            )
          }
          empty={
            <EmptyState title="No insights yet">
              Proposals for the next experiments appear here: open a session and choose Design. Programs that
              use the Python client keep theirs here too.
            </EmptyState>
          }
          columns={[
            {
              title: 'Name',
              order: (insight) => insight.name.toLowerCase(),
              show: (insight) => (
                <Link to={`/insights/${insight.albertId}`} className="quietLink" style={{ fontWeight: 550 }}>
                  {insight.name}
                </Link>
              ),
            },
            { title: 'Id', show: (insight) => insight.albertId },
            { title: 'Kind', order: (insight) => insight.category, show: (insight) => insight.category },
            {
              title: 'Session',
              show: (insight) =>
                insight.modelSessionId === undefined ? (
                  '–'
                ) : (
                  <Link to={`/sessions/${insight.modelSessionId}`} className="quietLink">
                    {insight.modelSessionId}
                  </Link>
                ),
            },
            {
              title: 'State',
              order: (insight) => insight.state ?? '',
              show: (insight) => (insight.state === undefined ? '–' : <StateBadge state={insight.state} />),
            },
            {
              title: 'Made',
              order: (insight) => insight.Created.at,
              show: (insight) => formatTime(insight.Created.at),
            },
          ]}
        />
      )}
    </>
  );
}
