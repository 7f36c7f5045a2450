import { Table, UnstyledButton, VisuallyHidden } from '@mantine/core';
import type { TargetMetrics } from '@athanor/schema';
import { formatDuration } from '../numbers/formatDuration.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { Icon } from './icon.tsx';
import { ScrollTable } from './scrollTable.tsx';

interface LeaderboardTableProps {
  readonly target: TargetMetrics;
  readonly chosen: string;
  readonly defaultModel: string | null;
  readonly onChoose: (model: string) => void;
}

/** All models of a target, best first, with what they cost. */
export function LeaderboardTable({ target, chosen, defaultModel, onChoose }: LeaderboardTableProps) {
  const worst = target.leaderboard.reduce((most, { metrics }) => Math.max(most, metrics.crps), 0) || 1;
  const unit = target.unit === null || target.unit === '' ? '' : `, ${target.unit}`;
  return (
    <ScrollTable
      label="Table of models"
      verticalSpacing={7}
      horizontalSpacing={8}
      className="numeric leaderboard models"
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Model</Table.Th>
          <Table.Th ta="right">CRPS{unit}</Table.Th>
          <Table.Th ta="right">RMSE</Table.Th>
          <Table.Th ta="right">R²</Table.Th>
          <Table.Th ta="right">90 % hold</Table.Th>
          <Table.Th ta="right">Fit</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {target.leaderboard.map(({ model, metrics }) => {
          const at90 = metrics.coverage.find(({ level }) => level === 0.9);
          return (
            <Table.Tr
              key={model}
              className={`rowLink ${model === chosen ? 'chosenRow' : ''}`}
              onClick={() => onChoose(model)}
            >
              <Table.Td className="nameCell">
                <UnstyledButton
                  fz="sm"
                  fw={model === chosen ? 650 : 450}
                  aria-pressed={model === chosen}
                  display="inline"
                >
                  {model}
                </UnstyledButton>{' '}
                {model === defaultModel && (
                  <span title="The default: it answers when no model is named" className="defaultMark">
                    <Icon name="star" size={15} />
                    <VisuallyHidden>default</VisuallyHidden>
                  </span>
                )}
              </Table.Td>
              <Table.Td ta="right">
                {formatNumber(metrics.crps)}
                <span className="scoreBar" aria-hidden="true">
                  <span
                    style={{ width: `${(metrics.crps / worst) * 100}%` }}
                    data-chosen={model === chosen || undefined}
                  />
                </span>
              </Table.Td>
              <Table.Td ta="right">{formatNumber(metrics.rmse)}</Table.Td>
              <Table.Td ta="right">{metrics.r2.toFixed(3).replace('-', '−')}</Table.Td>
              <Table.Td ta="right">
                {at90 === undefined ? '–' : `${(at90.observed * 100).toFixed(1)} %`}
              </Table.Td>
              <Table.Td ta="right">{formatDuration(metrics.fitSeconds)}</Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </ScrollTable>
  );
}
