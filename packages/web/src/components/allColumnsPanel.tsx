import { Button, Text } from '@mantine/core';
import type { DatasetProfile } from '@athanor/schema';
import { useMemo, useState } from 'react';
import { useFirstRows } from '../api.ts';
import { ParallelPlot } from '../charts/parallelPlot.tsx';
import { ErrorPanel } from './errorPanel.tsx';
import { Panel } from './panel.tsx';
import { Waiting } from './waiting.tsx';

/** Rows that are fetched unasked, and at most. */
const rowsAtFirst = 4000;
const mostRows = 100_000;
/** Axes that can be read side by side, and levels on one of them. */
const mostAxes = 16;
const mostLevels = 40;

/** The whole table as parallel coordinates, the targets last: which inputs go with what was measured. */
export function AllColumnsPanel({ datasetId, profile }: { datasetId: string; profile: DatasetProfile }) {
  const [most, setMost] = useState(rowsAtFirst);
  const table = useFirstRows(datasetId, most);
  const shown = useMemo(() => {
    const fit = profile.variables.filter(
      ({ role, dataType, distinctCount }) =>
        (role === 'input' || role === 'target') && (dataType === 'numeric' || distinctCount <= mostLevels),
    );
    const targets = fit.filter(({ role }) => role === 'target');
    const inputs = fit.filter(({ role }) => role === 'input').slice(0, mostAxes - targets.length);
    return { keys: [...inputs, ...targets].map(({ key }) => key), targets: targets.length };
  }, [profile]);
  const rows = useMemo(() => {
    if (table.data === undefined) return [];
    const places = shown.keys.map((key) => table.data.columns.indexOf(key));
    return table.data.rows.map((row) => places.map((j) => row[j] ?? null));
  }, [table.data, shown]);
  if (shown.keys.length < 2) return null;
  const total = table.data?.total ?? 0;
  return (
    <Panel
      title="All columns at once"
      hint="A line a row. Drag along an axis to keep only the rows that pass there; press on it to free it."
      actions={
        total > most &&
        most === rowsAtFirst && (
          <Button variant="default" onClick={() => setMost(mostRows)}>
            All {Math.min(total, mostRows).toLocaleString('en')} rows
          </Button>
        )
      }
    >
      {table.error !== null && <ErrorPanel error={table.error} onRetry={() => void table.refetch()} />}
      {table.data === undefined && table.error === null && <Waiting rows={1} height={340} />}
      {table.data !== undefined && (
        <>
          <ParallelPlot axes={shown.keys} rows={rows} chosen={-1} targets={shown.targets} noun="rows" />
          {total > rows.length && (
            <Text fz="sm" c="dimmed">
              The first {rows.length.toLocaleString('en')} of {total.toLocaleString('en')} rows.
            </Text>
          )}
        </>
      )}
    </Panel>
  );
}
