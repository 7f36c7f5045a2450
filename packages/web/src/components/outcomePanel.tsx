import { Stack, Table, Text } from '@mantine/core';
import type { InsightOutcome, StopAdvice, TargetOutcome } from '@athanor/schema';
import { useOutcome } from '../api.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { Link } from '../navigate.tsx';
import { Panel } from './panel.tsx';
import { WarningList } from './warningList.tsx';
import { ScrollTable } from './scrollTable.tsx';

const verdicts: Record<StopAdvice['verdict'], string> = {
  go_on: 'Go on',
  stop: 'Time to stop',
  wait: 'Too early to say',
};

interface OutcomePanelProps {
  readonly insightId: string;
  readonly datasetId: string | undefined;
}

/** Once proposals were measured: whether their promises held, and whether another round is worth it. */
export function OutcomePanel({ insightId, datasetId }: OutcomePanelProps) {
  const outcome = useOutcome(insightId, datasetId);
  // Nothing measured is told by the panel that asks for it.
  if (outcome.data === undefined || outcome.data.measured.length === 0) return null;
  return <Outcome outcome={outcome.data} />;
}

function Outcome({ outcome }: { outcome: InsightOutcome }) {
  const { measured, targets, criteria, stop, proposed, warnings, datasetId } = outcome;
  const ranks = new Set(measured.map(({ rank }) => rank));
  return (
    <Panel
      title="How they did"
      hint={`${ranks.size} of ${proposed} proposals were measured; beside each what had been promised before.`}
    >
      <Stack gap="md">
        <div className="feasibility" data-troubled={stop.verdict === 'stop' || undefined} role="status">
          <Text fw={650}>{verdicts[stop.verdict]}</Text>
          <Text fz="sm">{stop.reason}</Text>
        </div>
        <ScrollTable label="How predictions did" horizontalSpacing="sm" verticalSpacing={5}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Target</Table.Th>
              <Table.Th ta="right">Measured</Table.Th>
              <Table.Th ta="right">Off by, on average</Table.Th>
              <Table.Th ta="right">Too low by</Table.Th>
              <Table.Th ta="right">In their intervals</Table.Th>
              <Table.Th ta="right">CRPS (promised)</Table.Th>
              <Table.Th ta="right">Order right</Table.Th>
              <Table.Th>So</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {targets.map((one) => (
              <TargetLine key={one.target} one={one} />
            ))}
          </Table.Tbody>
        </ScrollTable>
        {targets.map(({ target, reason }) => (
          <Text key={target} fz="sm" c="dimmed">
            {target}: {reason}
          </Text>
        ))}
        {criteria !== null && (
          <Text fz="sm">
            {criteria.met} of {criteria.count} meet everything that was asked for;{' '}
            {formatNumber(criteria.promised, 2)} were promised to.
          </Text>
        )}
        <ScrollTable label="Measured proposals" highest={360} horizontalSpacing="sm" verticalSpacing={5}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>No.</Table.Th>
              <Table.Th>Row</Table.Th>
              {targets.map(({ target }) => (
                <Table.Th key={target} ta="right">
                  {target}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {measured.map(({ rank, row, targets: values }) => (
              <Table.Tr key={row}>
                <Table.Td>{rank}</Table.Td>
                <Table.Td>
                  <Link to={`/datasets/${datasetId}?tab=table&row=${row}`} className="textLink">
                    {row}
                  </Link>
                </Table.Td>
                {values.map(({ target, measured: value, predicted, isInInterval }) => (
                  <Table.Td key={target} ta="right">
                    {value === null ? (
                      '–'
                    ) : (
                      <>
                        <strong>{formatNumber(value, 4)}</strong>{' '}
                        <Text
                          component="span"
                          fz="xs"
                          c={isInInterval === false ? 'var(--page-measured)' : 'dimmed'}
                        >
                          {isInInterval === false ? 'outside' : 'in'} {formatNumber(predicted.interval.lower)}{' '}
                          to {formatNumber(predicted.interval.upper)}
                        </Text>
                      </>
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ScrollTable>
        {warnings.length > 0 && <WarningList warnings={warnings} />}
      </Stack>
    </Panel>
  );
}

const judgements: Record<TargetOutcome['verdict'], string> = {
  too_few: 'too few to say',
  as_promised: 'as promised',
  too_sure: 'too sure of itself',
  too_cautious: 'too cautious',
  too_hopeful: 'too hopeful',
};

function TargetLine({ one }: { one: TargetOutcome }) {
  const { coverage } = one;
  return (
    <Table.Tr>
      <Table.Td fw={550}>{one.target}</Table.Td>
      <Table.Td ta="right">{one.count}</Table.Td>
      <Table.Td ta="right">{formatNumber(one.meanAbsoluteError)}</Table.Td>
      <Table.Td ta="right">{formatNumber(one.meanError)}</Table.Td>
      <Table.Td ta="right">
        {Math.round(coverage.observed * 100)} % ({Math.round(coverage.level * 100)} %)
      </Table.Td>
      <Table.Td ta="right">
        {formatNumber(one.crps)} ({formatNumber(one.promisedCrps)})
      </Table.Td>
      <Table.Td ta="right">{formatNumber(one.rankCorrelation, 2)}</Table.Td>
      <Table.Td title={one.reason}>{judgements[one.verdict]}</Table.Td>
    </Table.Tr>
  );
}
