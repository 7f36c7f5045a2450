import { ActionIcon, Badge, Menu, Table, Text, Tooltip, UnstyledButton } from '@mantine/core';
import type { Candidate, Variable } from '@athanor/schema';
import { type ReactNode, useMemo, useState } from 'react';
import { IntervalMark } from '../charts/intervalMark.tsx';
import type { CandidateReview } from '../design/candidateReview.ts';
import { beyondMeasured, describeTrust } from '../design/describeTrust.ts';
import { formatChance } from '../numbers/formatChance.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { Icon } from './icon.tsx';
import { InputCell } from './inputCell.tsx';
import { ScrollTable } from './scrollTable.tsx';

const reasons: Record<Candidate['reason'], string> = {
  exploit: 'surely good',
  explore: 'not sure, may be good',
  spread: 'fills a gap',
};

interface CandidateTableProps {
  readonly candidates: readonly Candidate[];
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  /** Names, units and ranges of the columns as far as they are known. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly review: CandidateReview;
  /** Inputs that are structures. */
  readonly molecular: ReadonlySet<string>;
  readonly chosen: number | null;
  readonly onChoose: (rank: number | null) => void;
  readonly onMark: (rank: number, mark: 'pinned' | 'excluded' | null) => void;
  readonly onEdit: (candidate: Candidate) => void;
  readonly onMoreLike: ((candidate: Candidate) => void) | null;
}

/** Proposals as rows, in any order: what to expect, what to make, why, and what people think of them. */
export function CandidateTable(props: CandidateTableProps) {
  const { candidates, inputs, targets, variables, review, molecular } = props;
  const { chosen, onChoose, onMark, onEdit, onMoreLike } = props;
  const [sort, setSort] = useState<{ key: string; isDown: boolean } | null>(null);
  const sorted = useMemo(() => {
    if (sort === null) return candidates;
    const valueOf = (candidate: Candidate): number | string =>
      candidate.predictions.find(({ target }) => target === sort.key)?.prediction.mean ??
      (candidate.inputs[sort.key] as number | string | null) ??
      '';
    return candidates.toSorted((a, b) => {
      const [x, y] = [valueOf(a), valueOf(b)];
      return (x < y ? -1 : x > y ? 1 : 0) * (sort.isDown ? -1 : 1);
    });
  }, [candidates, sort]);
  const hasLimits = candidates.some(({ probabilityOfAll }) => probabilityOfAll !== null);
  const hasCost = candidates.some(({ cost }) => cost !== null);
  const isJudged = candidates.some(({ applicability }) => applicability !== null);
  const scales = useMemo(
    () => new Map(targets.map((target) => [target, scaleOf(candidates, target, variables.get(target))])),
    [candidates, targets, variables],
  );
  const heading = (key: string): ReactNode => {
    const variable = variables.get(key);
    const range = targets.includes(key) ? (variable?.range ?? null) : null;
    return (
      <>
        <UnstyledButton
          fz="sm"
          fw={600}
          ta="inherit"
          onClick={() => setSort({ key, isDown: sort?.key === key ? !sort.isDown : targets.includes(key) })}
        >
          {variable?.name ?? key}
          {sort?.key === key ? (sort.isDown ? ' ↓' : ' ↑') : ''}
        </UnstyledButton>
        <Text fz="xs" c="dimmed" fw={400} lh={1.2}>
          {variable?.unit}
        </Text>
        {range !== null && (
          <Text fz="xs" c="dimmed" fw={400} lh={1.2} style={{ whiteSpace: 'nowrap' }}>
            measured {formatNumber(range.min, 3, { isExact: true })} to{' '}
            {formatNumber(range.max, 3, { isExact: true })}
          </Text>
        )}
      </>
    );
  };
  return (
    <ScrollTable
      label="Table of experiments"
      className="numeric leaderboard candidates"
      horizontalSpacing="sm"
      verticalSpacing={5}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th className="stickyCell">No.</Table.Th>
          {targets.map((target) => (
            <Table.Th key={target} ta="right">
              {heading(target)}
            </Table.Th>
          ))}
          {hasLimits && <Table.Th ta="right">Chance to meet all limits</Table.Th>}
          {hasCost && <Table.Th ta="right">Cost</Table.Th>}
          <Table.Th>{isJudged ? 'Why, and where it lies' : 'Why'}</Table.Th>
          {inputs.map((key) => (
            <Table.Th key={key} ta={typeof candidates[0]?.inputs[key] === 'string' ? 'left' : 'right'}>
              {heading(key)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sorted.map((candidate) => {
          const { rank, predictions, probabilityOfAll, cost, reason, applicability } = candidate;
          const isPinned = review.pinned.includes(rank);
          const isExcluded = review.excluded.includes(rank);
          return (
            <Table.Tr
              key={rank}
              className={`rowLink ${chosen === rank ? 'chosenRow' : ''} ${isExcluded ? 'excludedRow' : ''}`}
              onClick={() => onChoose(chosen === rank ? null : rank)}
            >
              <Table.Td className="stickyCell" onClick={(event) => event.stopPropagation()}>
                <Tooltip
                  withinPortal={false}
                  label={isPinned ? 'Wanted. Press to free' : 'Pin: this one will be made'}
                >
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="sm"
                    className="pin"
                    aria-pressed={isPinned}
                    aria-label={`Pin no. ${rank}`}
                    onClick={() => onMark(rank, isPinned ? null : 'pinned')}
                  >
                    <Icon name="star" size={15} />
                  </ActionIcon>
                </Tooltip>
                <UnstyledButton
                  fz="sm"
                  fw={600}
                  miw={22}
                  ta="center"
                  aria-pressed={chosen === rank}
                  onClick={() => onChoose(chosen === rank ? null : rank)}
                >
                  {rank}
                </UnstyledButton>
                <Menu position="bottom-start" width={200}>
                  <Menu.Target>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      c="dimmed"
                      size="sm"
                      className="noPrint"
                      aria-label={`More for no. ${rank}`}
                    >
                      <Icon name="more" size={16} />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={() => onEdit(candidate)}>
                      Change it
                    </Menu.Item>
                    {onMoreLike !== null && (
                      <Menu.Item
                        leftSection={<Icon name="search" size={16} />}
                        onClick={() => onMoreLike(candidate)}
                      >
                        More like this
                      </Menu.Item>
                    )}
                    <Menu.Item
                      leftSection={<Icon name={isExcluded ? 'check' : 'cross'} size={16} />}
                      onClick={() => onMark(rank, isExcluded ? null : 'excluded')}
                    >
                      {isExcluded ? 'Take it back' : 'Leave it out'}
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </Table.Td>
              {targets.map((target) => {
                const one = predictions.find((prediction) => prediction.target === target)?.prediction;
                return (
                  <Table.Td key={target} ta="right">
                    {one === undefined ? (
                      '–'
                    ) : (
                      <Expected
                        prediction={one}
                        range={variables.get(target)?.range ?? null}
                        scale={scales.get(target)!}
                      />
                    )}
                  </Table.Td>
                );
              })}
              {hasLimits && (
                <Table.Td ta="right">
                  <strong>{formatChance(probabilityOfAll)}</strong>
                </Table.Td>
              )}
              {hasCost && <Table.Td ta="right">{formatNumber(cost, 4)}</Table.Td>}
              <Table.Td className="reasonCell">
                {review.edited.includes(rank) ? 'changed by hand' : reasons[reason]}
                <Place judged={applicability} hasInterval={predictions.length > 0} />
              </Table.Td>
              {inputs.map((key) => {
                const value = candidate.inputs[key] ?? null;
                return (
                  <Table.Td key={key} ta={typeof value === 'string' ? 'left' : 'right'}>
                    <InputCell value={value} isMolecule={molecular.has(key)} digits={6} />
                  </Table.Td>
                );
              })}
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </ScrollTable>
  );
}

interface ExpectedProps {
  readonly prediction: Candidate['predictions'][number]['prediction'];
  readonly range: Variable['range'];
  readonly scale: readonly [number, number];
}

/** What a new measurement will be: the mean, the interval in numbers and drawn, and whether anything like it was measured. */
function Expected({ prediction, range, scale }: ExpectedProps) {
  const { mean, interval } = prediction;
  const beyond = beyondMeasured(mean, range);
  return (
    <>
      <strong>{formatNumber(mean)}</strong>
      <Text fz="xs" c="dimmed" lh={1.2}>
        {formatNumber(interval.lower)} to {formatNumber(interval.upper)}
      </Text>
      <IntervalMark prediction={prediction} measured={range} scale={scale} />
      {beyond !== null && (
        <Text fz="xs" className="doubt" lh={1.2}>
          {beyond} all measured
        </Text>
      )}
    </>
  );
}

/** Where a proposal lies among the experiments that were made, with the weightiest reason. */
function Place({ judged, hasInterval }: { judged: Candidate['applicability']; hasInterval: boolean }) {
  const trust = describeTrust(judged);
  if (trust === null || judged === null) return null;
  const [reason] = judged.reasons;
  return (
    <>
      {trust.isDoubtful ? (
        <div>
          <Badge size="sm" variant="light" color="ember" tt="none" c="var(--mantine-color-text)">
            {trust.label}
          </Badge>
        </div>
      ) : (
        `, ${trust.label}`
      )}
      {reason !== undefined && (
        <Text fz="xs" c="dimmed" lh={1.25}>
          {reason}
        </Text>
      )}
      {trust.isDoubtful && hasInterval && (
        <Text fz="xs" className="doubt" lh={1.25}>
          the interval rests on extrapolation
        </Text>
      )}
    </>
  );
}

/** The values that all intervals of a target and its measurements fit in. */
function scaleOf(
  candidates: readonly Candidate[],
  target: string,
  variable: Variable | undefined,
): readonly [number, number] {
  let [low, high] = [variable?.range?.min ?? Infinity, variable?.range?.max ?? -Infinity];
  for (const { predictions } of candidates) {
    const interval = predictions.find((one) => one.target === target)?.prediction.interval;
    if (interval === undefined) continue;
    low = Math.min(low, interval.lower);
    high = Math.max(high, interval.upper);
  }
  return [low, high];
}
