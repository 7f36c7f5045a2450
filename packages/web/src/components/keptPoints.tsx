import { Button, Table, UnstyledButton } from '@mantine/core';
import type { InputRow, PredictReply } from '@athanor/schema';
import { formatNumber } from '../numbers/formatNumber.ts';
import { InputCell } from './inputCell.tsx';
import { Panel } from './panel.tsx';
import { ScrollTable } from './scrollTable.tsx';

export interface KeptPoint {
  readonly row: InputRow;
  readonly reply: PredictReply;
}

interface KeptPointsProps {
  readonly points: readonly KeptPoint[];
  /** Inputs that are structures. */
  readonly molecular: ReadonlySet<string>;
  readonly onClear: () => void;
  readonly onShow: (row: InputRow) => void;
}

/** Points that were kept while exploring, side by side. */
export function KeptPoints({ points, molecular, onClear, onShow }: KeptPointsProps) {
  const inputs = Object.keys(points[0]!.row);
  const targets = points[0]!.reply.targets.map(({ target }) => target);
  return (
    <Panel
      title="Kept points"
      isFlush
      actions={
        <Button size="compact-sm" variant="default" onClick={onClear}>
          Clear
        </Button>
      }
    >
      <ScrollTable label="Table of kept points" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            {targets.map((target) => (
              <Table.Th key={target} ta="right">
                {target}
              </Table.Th>
            ))}
            {inputs.map((key) => (
              <Table.Th key={key} ta="right" fw={450}>
                {key}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {points.map(({ row, reply }, index) => (
            <Table.Tr key={index}>
              <Table.Td>
                <UnstyledButton fz="sm" td="underline" onClick={() => onShow(row)}>
                  Go to {index + 1}
                </UnstyledButton>
              </Table.Td>
              {reply.targets.map(({ target, predictions }) => {
                const { mean, interval } = predictions[0]!;
                return (
                  <Table.Td key={target} ta="right">
                    <strong>{formatNumber(mean)}</strong> ({formatNumber(interval.lower)} to{' '}
                    {formatNumber(interval.upper)})
                  </Table.Td>
                );
              })}
              {inputs.map((key) => {
                const value = row[key] ?? null;
                return (
                  <Table.Td key={key} ta="right">
                    <InputCell value={value} isMolecule={molecular.has(key)} digits={4} />
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
    </Panel>
  );
}
