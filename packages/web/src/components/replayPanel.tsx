import { Group, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { policyNames, type BacktestPayload, type Insight } from '@athanor/schema';
import { useState } from 'react';
import { useProfile } from '../api.ts';
import { ReplayPlot } from '../charts/replayPlot.tsx';
import { withUnit } from '../charts/withUnit.ts';
import { halfFoundAfter, replayVerdict } from '../design/replayVerdict.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { Panel } from './panel.tsx';
import { PictureKey } from './pictureKey.tsx';
import { WarningList } from './warningList.tsx';
import { ScrollTable } from './scrollTable.tsx';

type Policy = BacktestPayload['policies'][number]['policy'];

const nameOf = (policy: Policy): string => policyNames[policy];

/** A table replayed: how much sooner each way of choosing would have found its best rows. */
export function ReplayPanel({ insight, payload }: { insight: Insight; payload: BacktestPayload }) {
  const { policies, bestPolicy, budget, target, goal, warnings } = payload;
  const [chosen, setChosen] = useState<Policy>(bestPolicy);
  const profile = useProfile(insight.datasetId);
  const variable = profile.data?.variables.find(({ key }) => key === target);
  const { headline, details } = replayVerdict(payload);
  const marks = [5, 10, 20, 50, 100, 200].filter((mark) => mark <= budget);
  const unit = variable?.unit ?? '';
  const hasSpread = policies.some(({ bestLower }) => bestLower !== undefined);
  return (
    <Stack gap="lg">
      <Panel title="Would it have been sooner?">
        <Text fz="lg" fw={600} lh={1.4} mb={6}>
          {headline}
        </Text>
        {details.map((sentence) => (
          <Text key={sentence} fz="sm">
            {sentence}
          </Text>
        ))}
      </Panel>
      <Panel
        title={`${goal === 'maximize' ? 'Highest' : 'Lowest'} ${variable?.name ?? target} so far`}
        hint={`Means over the campaigns.${hasSpread ? ' Shaded: the middle 80 % of them.' : ''} Choose a way in the table to see it.`}
      >
        <Group gap="lg" mb="xs" aria-hidden="true">
          <PictureKey className="replayKey" text={nameOf(chosen)} />
          {chosen !== 'random' && <PictureKey className="replayKey chance" text={nameOf('random')} />}
          <PictureKey className="replayKey other" text="the other ways" />
        </Group>
        <ReplayPlot
          policies={policies}
          chosen={chosen}
          nameOf={nameOf}
          target={withUnit(variable?.name ?? target, unit)}
        />
      </Panel>
      <Panel title="Ways of choosing" isFlush>
        <ScrollTable
          label="Ways of choosing, compared"
          className="numeric leaderboard ways"
          horizontalSpacing="md"
          verticalSpacing={7}
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Way of choosing</Table.Th>
              {marks.map((mark) => (
                <Table.Th key={mark} ta="right">
                  Best of {mark}
                  {unit === '' ? '' : `, ${unit}`}
                </Table.Th>
              ))}
              <Table.Th ta="right">Half of the best found after</Table.Th>
              <Table.Th ta="right">Acceleration</Table.Th>
              <Table.Th ta="right">Enhancement</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {policies.map((one) => (
              <Table.Tr
                key={one.policy}
                className={`rowLink ${one.policy === chosen ? 'chosenRow' : ''}`}
                onClick={() => setChosen(one.policy)}
              >
                <Table.Td>
                  <UnstyledButton
                    fz="sm"
                    fw={one.policy === bestPolicy ? 650 : 450}
                    aria-pressed={one.policy === chosen}
                  >
                    {nameOf(one.policy)}
                    {one.policy === bestPolicy && ' · best'}
                  </UnstyledButton>
                </Table.Td>
                {marks.map((mark) => (
                  <Table.Td key={mark} ta="right">
                    {formatNumber(one.best[mark - 1], 4)}
                  </Table.Td>
                ))}
                <Table.Td ta="right">{halfFoundAfter(one) ?? `not within ${budget}`}</Table.Td>
                <Table.Td ta="right">{factor(one.acceleration)}</Table.Td>
                <Table.Td ta="right">{factor(one.enhancement)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ScrollTable>
        <Text fz="sm" c="dimmed" px="lg" py="sm">
          The best are the best twentieth of the rows. Acceleration: experiments that chance needs for half of
          them, over those of the policy. Enhancement: share of them found after {Math.min(20, budget)}{' '}
          experiments, over that of chance.
        </Text>
      </Panel>
      {warnings.length > 0 && (
        <Panel title="Worth a look">
          <WarningList warnings={warnings} />
        </Panel>
      )}
    </Stack>
  );
}

function factor(value: number | null): string {
  return value === null ? '–' : `${formatNumber(value, 2)} ×`;
}
