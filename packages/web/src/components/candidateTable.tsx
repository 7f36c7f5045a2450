import { ActionIcon, Badge, Menu, ScrollArea, Table, Text, Tooltip, UnstyledButton } from '@mantine/core';
import type { Candidate } from '@athanor/schema';
import { type ReactNode, useMemo, useState } from 'react';
import { type CandidateReview } from '../design/candidateReview.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { Icon } from './icon.tsx';
import { InputCell } from './inputCell.tsx';

const reasons: Record<Candidate['reason'], string> = {
  exploit: 'surely good',
  explore: 'little known, may be good',
  spread: 'fills a gap',
};

interface CandidateTableProps {
  readonly candidates: readonly Candidate[];
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
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
  const { candidates, inputs, targets, review, molecular, chosen, onChoose, onMark, onEdit, onMoreLike } =
    props;
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
  const heading = (key: string): ReactNode => (
    <UnstyledButton
      fz="sm"
      fw={600}
      onClick={() => setSort({ key, isDown: sort?.key === key ? !sort.isDown : targets.includes(key) })}
    >
      {key}
      {sort?.key === key ? (sort.isDown ? ' ↓' : ' ↑') : ''}
    </UnstyledButton>
  );
  return (
    <ScrollArea
      type="auto"
      offsetScrollbars="present"
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Table of experiments' }}
    >
      <Table fz="sm" className="numeric leaderboard candidates" horizontalSpacing="sm" verticalSpacing={5}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th className="stickyCell">No.</Table.Th>
            {targets.map((target) => (
              <Table.Th key={target} ta="right">
                {heading(target)}
              </Table.Th>
            ))}
            {hasLimits && <Table.Th ta="right">Meets limits</Table.Th>}
            {hasCost && <Table.Th ta="right">Cost</Table.Th>}
            <Table.Th>Why</Table.Th>
            {inputs.map((key) => (
              <Table.Th key={key} ta="right">
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
                      <Menu.Item
                        leftSection={<Icon name="edit" size={16} />}
                        onClick={() => onEdit(candidate)}
                      >
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
                        <>
                          <strong>{formatNumber(one.mean)}</strong>
                          <Text fz="xs" c="dimmed" lh={1.2}>
                            {formatNumber(one.interval.lower)} to {formatNumber(one.interval.upper)}
                          </Text>
                        </>
                      )}
                    </Table.Td>
                  );
                })}
                {hasLimits && (
                  <Table.Td ta="right">
                    {probabilityOfAll === null ? '–' : `${Math.round(probabilityOfAll * 100)} %`}
                  </Table.Td>
                )}
                {hasCost && <Table.Td ta="right">{formatNumber(cost, 4)}</Table.Td>}
                <Table.Td>
                  {review.edited.includes(rank) ? 'changed by hand' : reasons[reason]}
                  {applicability?.class === 'outside' && <Note>far from the data</Note>}
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
      </Table>
    </ScrollArea>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <div>
      <Badge size="sm" variant="light" color="ember" tt="none" c="var(--mantine-color-text)">
        {children}
      </Badge>
    </div>
  );
}
