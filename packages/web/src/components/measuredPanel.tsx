import { Alert, Button, Checkbox, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import type { DatasetRowsAdded, DesignPayload, InputRow, Insight } from '@athanor/schema';
import { type ClipboardEvent, useMemo, useState } from 'react';
import { useAddRows, useOutcome, useProfile } from '../api.ts';
import type { CandidateReview } from '../design/candidateReview.ts';
import { type MeasuredRow, type PasteProblem, readMeasured, readNumber } from '../design/readMeasured.ts';
import { splitCells } from '../design/splitCells.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { Link } from '../navigate.tsx';
import { ErrorPanel } from './errorPanel.tsx';
import { Panel } from './panel.tsx';
import { ScrollTable } from './scrollTable.tsx';

interface MeasuredPanelProps {
  readonly insight: Insight;
  readonly payload: DesignPayload;
  readonly review: CandidateReview;
  readonly targets: readonly string[];
}

/** What came of the proposals: typed into the table or pasted from a spreadsheet, checked, and added to the data. */
export function MeasuredPanel({ insight, payload, review, targets }: MeasuredPanelProps) {
  const { candidates, space } = payload;
  const inputs = useMemo(() => space.variables.map(({ key }) => key), [space]);
  const proposed = useMemo(
    () =>
      candidates
        .filter(({ rank }) => !review.excluded.includes(rank))
        .toSorted((a, b) => Number(review.pinned.includes(b.rank)) - Number(review.pinned.includes(a.rank))),
    [candidates, review],
  );
  const [typed, setTyped] = useState<ReadonlyMap<number, MeasuredRow>>(new Map());
  const [others, setOthers] = useState<readonly MeasuredRow[]>([]);
  const [problems, setProblems] = useState<readonly PasteProblem[]>([]);
  const [told, setTold] = useState<string | null>(null);
  const [isRebuilt, setRebuilt] = useState(true);
  const profile = useProfile(insight.datasetId);
  // What is the same in all of them does not tell one from another.
  const telling = useMemo(() => {
    const names = new Map(profile.data?.variables.map(({ key, name }) => [key, name]));
    const differ = inputs.filter((key) => new Set(candidates.map((one) => one.inputs[key] ?? null)).size > 1);
    return (differ.length === 0 ? inputs : differ).map((key): [string, string] => [
      key,
      names.get(key) ?? key,
    ]);
  }, [profile.data, inputs, candidates]);
  const add = useAddRows(insight.datasetId);
  const outcome = useOutcome(insight.albertId, insight.datasetId);
  const knownOf = (rank: number | null, target: string): string => {
    const value = outcome.data?.measured
      .findLast((one) => one.rank === rank)
      ?.targets.find((one) => one.target === target)?.measured;
    return value === null || value === undefined ? '' : formatNumber(value, 4);
  };

  const rows: readonly MeasuredRow[] = [
    ...proposed.map(
      (candidate) =>
        typed.get(candidate.rank) ?? { rank: candidate.rank, inputs: candidate.inputs, values: {} },
    ),
    ...others,
  ];
  const ready = rows.filter(({ values }) => Object.values(values).some((text) => text.trim() !== ''));
  const bad = ready.flatMap(({ rank, values }) =>
    Object.entries(values).flatMap(([target, text]) =>
      text.trim() === '' || readNumber(text) !== null
        ? []
        : [`${rank === null ? 'Another experiment' : `No. ${rank}`}, ${target}: “${text}” is no number`],
    ),
  );

  const setValue = (index: number, target: string, text: string): void => {
    const row = rows[index]!;
    const next = { ...row, values: { ...row.values, [target]: text } };
    if (row.rank === null) setOthers(others.with(index - proposed.length, next));
    else setTyped(new Map(typed).set(row.rank, next));
  };
  /** A block of cells without a heading goes where the caret is, as in a spreadsheet. */
  const fillBlock = (index: number, column: number, cells: readonly (readonly string[])[]): void => {
    const next = new Map(typed);
    cells.forEach((line, i) => {
      const candidate = proposed[index + i];
      if (candidate === undefined) return;
      const row = next.get(candidate.rank) ?? { rank: candidate.rank, inputs: candidate.inputs, values: {} };
      const values = { ...row.values };
      line.forEach((cell, j) => {
        const target = targets[column + j];
        if (target !== undefined) values[target] = cell.trim();
      });
      next.set(candidate.rank, { ...row, values });
    });
    setTyped(next);
    setTold(`${Math.min(cells.length, proposed.length - index)} lines pasted.`);
  };
  const read = (text: string): boolean => {
    const proposals = new Map(candidates.map((one) => [one.rank, one.inputs]));
    const paste = readMeasured(text, { inputs, targets, proposals });
    if (paste === null) return false;
    const shown = new Set(proposed.map(({ rank }) => rank));
    const known = paste.rows.filter(({ rank }) => rank !== null && shown.has(rank));
    const once = new Map<number, MeasuredRow>();
    const more: MeasuredRow[] = [];
    for (const row of known) {
      // A proposal that was made twice gives two rows.
      if (once.has(row.rank!)) more.push(row);
      else once.set(row.rank!, row);
    }
    setTyped(new Map([...typed, ...once]));
    setOthers([...others, ...more, ...paste.rows.filter(({ rank }) => rank === null || !shown.has(rank))]);
    setProblems(paste.problems);
    const unused = paste.ignored.length === 0 ? '' : ` Not used: ${paste.ignored.join(', ')}.`;
    setTold(
      `${paste.rows.length} ${paste.rows.length === 1 ? 'experiment' : 'experiments'} pasted.${unused}`,
    );
    return true;
  };
  const paste = (event: ClipboardEvent, index: number, column: number): void => {
    const text = event.clipboardData.getData('text/plain');
    if (!/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    setProblems([]);
    if (!read(text)) fillBlock(index, column, splitCells(text));
  };
  const send = (): void => {
    add.mutate(
      {
        rows: ready.map(({ inputs: row, values }) => ({ ...row, ...measuredOf(values) })),
        ranks: ready.map(({ rank }) => rank),
        rebuild: isRebuilt,
        insightId: insight.albertId,
      },
      {
        onSuccess: () => {
          setTyped(new Map());
          setOthers([]);
          setTold(null);
          setProblems([]);
        },
      },
    );
  };
  return (
    <Panel
      title="What came of them"
      hint="Type or paste what was measured; it is added to the table, and the models learn from it."
      actions={
        <Button
          variant="default"
          className="noPrint"
          onClick={() => {
            void navigator.clipboard.writeText(sheetOf(proposed, inputs, targets));
            setTold('Copied: paste it into a spreadsheet, fill in the last columns, and paste it back here.');
          }}
        >
          Copy as a sheet
        </Button>
      }
    >
      <Stack gap="sm">
        {add.data !== undefined && <Added added={add.data} />}
        <Textarea
          aria-label="Paste from a spreadsheet"
          placeholder="Paste from a spreadsheet here: a line of column names, then a line an experiment"
          rows={1}
          value=""
          onChange={() => {}}
          onPaste={(event) => {
            event.preventDefault();
            const text = event.clipboardData.getData('text/plain');
            setProblems([]);
            if (!read(text)) {
              setTold(null);
              setProblems([
                {
                  cell: 'A1',
                  message: `the first line names no column; “No.” and ${targets.join(', ')} are expected`,
                },
              ]);
            }
          }}
        />
        {told !== null && (
          <Text fz="sm" role="status">
            {told}
          </Text>
        )}
        {(problems.length > 0 || bad.length > 0) && (
          <Alert color="ember" variant="light" title="Not taken" role="alert" c="var(--mantine-color-text)">
            {problems.map(({ cell, message }) => (
              <Text key={cell + message} fz="sm">
                Cell {cell}: {message}
              </Text>
            ))}
            {bad.map((message) => (
              <Text key={message} fz="sm">
                {message}
              </Text>
            ))}
          </Alert>
        )}
        <ScrollTable
          label="Measured results"
          highest={420}
          className="numeric measuredTable"
          horizontalSpacing="sm"
          verticalSpacing={4}
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th>No.</Table.Th>
              {targets.map((target) => (
                <Table.Th key={target}>{target}</Table.Th>
              ))}
              <Table.Th>Made of</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, index) => (
              <Table.Tr key={index}>
                <Table.Td>{row.rank ?? 'own'}</Table.Td>
                {targets.map((target, column) => {
                  const text = row.values[target] ?? '';
                  return (
                    <Table.Td key={target}>
                      <input
                        className="cellField"
                        inputMode="decimal"
                        aria-label={`${row.rank === null ? `Own ${index}` : `No. ${row.rank}`}, ${target}`}
                        aria-invalid={text.trim() !== '' && readNumber(text) === null}
                        placeholder={knownOf(row.rank, target)}
                        value={text}
                        onChange={(event) => setValue(index, target, event.currentTarget.value)}
                        onPaste={(event) => paste(event, index, column)}
                      />
                    </Table.Td>
                  );
                })}
                <Table.Td>
                  <Text fz="xs" c="dimmed" miw={260} lh={1.3}>
                    {describeInputs(row.inputs, telling)}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ScrollTable>
        {add.error !== null && <ErrorPanel error={add.error} />}
        <Group gap="md" className="noPrint">
          <Button onClick={send} loading={add.isPending} disabled={ready.length === 0 || bad.length > 0}>
            {ready.length === 0
              ? 'Add results'
              : `Add ${ready.length} ${ready.length === 1 ? 'result' : 'results'}`}
          </Button>
          <Checkbox
            label="Build the models again with them"
            checked={isRebuilt}
            onChange={(event) => setRebuilt(event.currentTarget.checked)}
          />
        </Group>
      </Stack>
    </Panel>
  );
}

function Added({ added }: { added: DatasetRowsAdded }) {
  const { rowsAdded, firstRow, sessions, warnings, dataset } = added;
  return (
    <div role="status" className="feasibility">
      <Text fz="sm">
        {rowsAdded} {rowsAdded === 1 ? 'row is' : 'rows are'} now in{' '}
        <Link to={`/datasets/${dataset.albertId}?tab=table&row=${firstRow}`} className="textLink">
          {dataset.name}
        </Link>
        , from row {firstRow} on.{' '}
        {sessions.map(({ sessionId, parentSessionId }) => (
          <span key={sessionId}>
            <Link to={`/sessions/${sessionId}`} className="textLink">
              {sessionId}
            </Link>{' '}
            is being built on all rows and follows {parentSessionId}.{' '}
          </span>
        ))}
      </Text>
      {warnings.map(({ message }) => (
        <Text key={message} fz="sm" c="var(--page-measured)">
          {message}
        </Text>
      ))}
    </div>
  );
}

function measuredOf(values: Readonly<Record<string, string>>): InputRow {
  return Object.fromEntries(
    Object.entries(values).flatMap(([target, text]) => {
      const value = readNumber(text);
      return value === null ? [] : [[target, value]];
    }),
  );
}

/** The inputs that tell experiments apart, each by its name. */
function describeInputs(
  inputs: InputRow,
  telling: readonly (readonly [key: string, name: string])[],
): string {
  return telling
    .map(([key, name]) => [name, inputs[key] ?? null] as const)
    .filter(([, value]) => value !== 0 && value !== null)
    .map(
      ([name, value]) =>
        `${name} ${typeof value === 'number' ? formatNumber(value, 6, { isExact: true }) : value}`,
    )
    .join(', ');
}

/** The proposals as a spreadsheet takes them, with empty columns for what will be measured. */
function sheetOf(
  candidates: DesignPayload['candidates'],
  inputs: readonly string[],
  targets: readonly string[],
): string {
  return [
    ['No.', ...inputs, ...targets],
    ...candidates.map(({ rank, inputs: row }) => [
      rank,
      ...inputs.map((key) => row[key] ?? ''),
      ...targets.map(() => ''),
    ]),
  ]
    .map((cells) => cells.join('\t'))
    .join('\n');
}
