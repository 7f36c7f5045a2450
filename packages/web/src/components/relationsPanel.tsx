import { SimpleGrid, Stack, Text } from '@mantine/core';
import type { CellValue, DatasetProfile } from '@athanor/schema';
import { useMemo, useState } from 'react';
import { useFirstRows } from '../api.ts';
import { CorrelationMatrix } from '../charts/correlationMatrix.tsx';
import { ScatterPlot } from '../charts/scatterPlot.tsx';
import { withUnit } from '../charts/withUnit.ts';
import { findClosedAmounts } from '../mixture/findClosedAmounts.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { rankCorrelation } from '../numbers/rankCorrelation.ts';
import { AllColumnsPanel } from './allColumnsPanel.tsx';
import { EmptyState } from './emptyState.tsx';
import { ErrorPanel } from './errorPanel.tsx';
import { Panel } from './panel.tsx';
import { Waiting } from './waiting.tsx';

/** Rows that correlations are told from; more change little and take long to fetch. */
const mostRows = 4000;

/** How columns of numbers go together, two of them in detail, and whether amounts add up. */
export function RelationsPanel({ datasetId, profile }: { datasetId: string; profile: DatasetProfile }) {
  const table = useFirstRows(datasetId, mostRows);
  const numeric = useMemo(
    () => profile.variables.filter(({ dataType, role }) => dataType === 'numeric' && role !== 'identifier'),
    [profile],
  );
  const columns = useMemo(() => {
    if (table.data === undefined) return [];
    return numeric.map(({ key }) => {
      const j = table.data.columns.indexOf(key);
      return table.data.rows.map((row) => numberOf(row[j]));
    });
  }, [numeric, table.data]);
  const matrix = useMemo(() => columns.map((a) => columns.map((b) => rankCorrelation(a, b))), [columns]);
  const target = numeric.findIndex(({ role }) => role === 'target');
  const [pair, setPair] = useState<readonly [number, number] | null>(null);

  if (table.error !== null) return <ErrorPanel error={table.error} onRetry={() => void table.refetch()} />;
  if (table.data === undefined) return <Waiting rows={1} height={420} />;
  if (numeric.length < 2) {
    return <EmptyState title="Fewer than two columns of numbers">There is nothing to relate.</EmptyState>;
  }
  const [x, y] = pair ?? [strongest(matrix, target), target < 0 ? 0 : target];
  const correlation = matrix[y]?.[x] ?? null;
  const nameOf = (j: number): string => withUnit(numeric[j]!.name, numeric[j]!.unit);
  const isPart = table.data.rows.length < table.data.total;
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, lg: numeric.length > 10 ? 1 : 2 }} spacing="lg">
        <Panel
          title="Rank correlations"
          hint={`Spearman, from −1 to 1${isPart ? `, first ${mostRows} rows` : ''}. Choose a field to see the two columns.`}
        >
          <CorrelationMatrix
            names={numeric.map(({ name }) => name)}
            matrix={matrix}
            onPick={(i, j) => setPair([j, i])}
          />
        </Panel>
        <Panel
          title={`${numeric[y]!.name} and ${numeric[x]!.name}`}
          hint={
            correlation === null
              ? 'No common rows with different values.'
              : `Rank correlation ${formatNumber(correlation, 2)}`
          }
        >
          <ScatterPlot
            x={columns[x]!}
            y={columns[y]!}
            xName={nameOf(x)}
            yName={nameOf(y)}
            isTarget={y === target}
          />
        </Panel>
      </SimpleGrid>
      <SumCheck profile={profile} columns={table.data.columns} rows={table.data.rows} />
      <AllColumnsPanel datasetId={datasetId} profile={profile} />
    </Stack>
  );
}

interface SumCheckProps {
  readonly profile: DatasetProfile;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CellValue[])[];
}

function SumCheck({ profile, columns, rows }: SumCheckProps) {
  const inputs = profile.variables.filter(({ role }) => role === 'input').map(({ key }) => key);
  const amounts = profile.variables.filter(
    ({ role, type, dataType }) => role === 'input' && type === 'material_amount' && dataType === 'numeric',
  );
  if (amounts.length < 2) return null;
  const closed = findClosedAmounts(profile.variables, inputs, columns, rows);
  if (closed === null) {
    return (
      <Panel title="Sum of amounts">
        <Text fz="sm">
          The {amounts.length} amounts do not add up to 100 or 1, so they are taken as independent quantities.
        </Text>
      </Panel>
    );
  }
  const off = closed.openRows;
  const unit = amounts.find(({ key }) => key === closed.keys[0])?.unit ?? '';
  return (
    <Panel title="Sum of amounts">
      <Text fz="sm">
        {closed.keys.join(', ')} add up to {closed.total} {unit} in {rows.length - off.length} of{' '}
        {rows.length} rows.
        {off.length === 0
          ? ' Every row closes.'
          : ` These do not: ${off.slice(0, 12).join(', ')}${off.length > 12 ? ` and ${off.length - 12} more` : ''}.`}
      </Text>
    </Panel>
  );
}

/** The column that goes most with the target; the second one where there is no target. */
function strongest(matrix: readonly (readonly (number | null)[])[], target: number): number {
  const row = matrix[target < 0 ? 0 : target] ?? [];
  let best = target === 0 || target < 0 ? 1 : 0;
  row.forEach((value, j) => {
    if (j !== target && Math.abs(value ?? 0) > Math.abs(row[best] ?? 0)) best = j;
  });
  return best;
}

function numberOf(value: CellValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
