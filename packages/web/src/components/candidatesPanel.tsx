import { Badge, Button, Group, ScrollArea, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import type { Candidate, DesignPayload } from '@athanor/schema';
import { useMemo, useState } from 'react';
import { client } from '../api.ts';
import { ParallelPlot } from '../charts/parallelPlot.tsx';
import { ScatterPlot } from '../charts/scatterPlot.tsx';
import { formatNumber } from '../numbers/formatNumber.ts';
import { Icon } from './icon.tsx';
import { Panel } from './panel.tsx';
import { WarningList } from './warningList.tsx';

const reasons: Record<Candidate['reason'], string> = {
  exploit: 'good by what is known',
  explore: 'may be good, little is known',
  spread: 'fills a gap',
};

interface CandidatesPanelProps {
  readonly payload: DesignPayload;
  /** Name of the CSV in the file store. */
  readonly outputKey: string | undefined;
}

/** Proposed experiments: what to make, what to expect of it, and why. */
export function CandidatesPanel({ payload, outputKey }: CandidatesPanelProps) {
  const { candidates, generated, warnings } = payload;
  const inputs = payload.space.variables.map(({ key }) => key);
  const targets = candidates[0]?.predictions.map(({ target }) => target) ?? [];
  const [sort, setSort] = useState<{ key: string; isDown: boolean } | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
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
  const download = async (): Promise<void> => {
    const { URL: address } = await client.call('signDownload', {
      query: { name: outputKey!, namespace: 'breakthrough' },
    });
    window.location.assign(address);
  };
  const heading = (key: string) => (
    <UnstyledButton
      fz="sm"
      fw={600}
      onClick={() => setSort({ key, isDown: sort?.key === key ? !sort.isDown : targets.includes(key) })}
    >
      {key}
      {sort?.key === key ? (sort.isDown ? ' ↓' : ' ↑') : ''}
    </UnstyledButton>
  );
  const meanOf = (candidate: Candidate, target: string): number | null =>
    candidate.predictions.find((one) => one.target === target)?.prediction.mean ?? null;
  return (
    <Stack gap="lg">
      <Panel
        title={`${candidates.length} experiments`}
        hint={`The best of ${generated} that were compared; all of them obey every rule. Choose a row to see it in the picture.`}
        isFlush
        actions={
          <Button
            variant="default"
            leftSection={<Icon name="download" size={16} />}
            disabled={outputKey === undefined}
            onClick={() => void download()}
          >
            CSV
          </Button>
        }
      >
        <ScrollArea
          type="auto"
          viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Table of experiments' }}
        >
          <Table fz="sm" className="numeric leaderboard" horizontalSpacing="md" verticalSpacing={7}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>No.</Table.Th>
                {targets.map((target) => (
                  <Table.Th key={target} ta="right">
                    {heading(target)}
                  </Table.Th>
                ))}
                {candidates.some(({ probabilityOfAll }) => probabilityOfAll !== null) && (
                  <Table.Th ta="right">Meets limits</Table.Th>
                )}
                {inputs.map((key) => (
                  <Table.Th key={key} ta="right">
                    {heading(key)}
                  </Table.Th>
                ))}
                <Table.Th>Why</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sorted.map((candidate) => (
                <Table.Tr
                  key={candidate.rank}
                  className={`rowLink ${chosen === candidate.rank ? 'chosenRow' : ''}`}
                  onClick={() => setChosen(chosen === candidate.rank ? null : candidate.rank)}
                >
                  <Table.Td>
                    <UnstyledButton fz="sm" fw={600} aria-pressed={chosen === candidate.rank}>
                      {candidate.rank}
                    </UnstyledButton>
                  </Table.Td>
                  {candidate.predictions.map(({ target, prediction: { mean, interval } }) => (
                    <Table.Td key={target} ta="right">
                      <strong>{formatNumber(mean)}</strong>{' '}
                      <Text component="span" fz="xs" c="dimmed">
                        {formatNumber(interval.lower)} to {formatNumber(interval.upper)}
                      </Text>
                    </Table.Td>
                  ))}
                  {candidate.probabilityOfAll !== null && (
                    <Table.Td ta="right">{Math.round(candidate.probabilityOfAll * 100)} %</Table.Td>
                  )}
                  {inputs.map((key) => {
                    const value = candidate.inputs[key] ?? null;
                    return (
                      <Table.Td key={key} ta="right">
                        {typeof value === 'number'
                          ? formatNumber(value, 6, { isExact: true })
                          : String(value ?? '–')}
                      </Table.Td>
                    );
                  })}
                  <Table.Td>
                    {reasons[candidate.reason]}
                    {candidate.applicability?.class === 'outside' && (
                      <Badge
                        ml={6}
                        size="sm"
                        variant="light"
                        color="ember"
                        tt="none"
                        style={{ color: 'var(--mantine-color-text)' }}
                      >
                        far from the data
                      </Badge>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      </Panel>
      <Panel
        title="All together"
        hint="A line an experiment, an axis each input and target. Drag along an axis to keep only some."
      >
        <ParallelPlot
          axes={[...inputs, ...targets]}
          rows={candidates.map((candidate) => [
            ...inputs.map((key) => candidate.inputs[key] ?? null),
            ...targets.map((target) => meanOf(candidate, target)),
          ])}
          chosen={candidates.findIndex(({ rank }) => rank === chosen)}
          targets={targets.length}
        />
      </Panel>
      {targets.length > 1 && (
        <Panel title={`${targets[0]} against ${targets[1]}`} hint="What has to be traded for what.">
          <ScatterPlot
            x={candidates.map((candidate) => meanOf(candidate, targets[1]!))}
            y={candidates.map((candidate) => meanOf(candidate, targets[0]!))}
            xName={targets[1]!}
            yName={targets[0]!}
            isTarget={false}
            height={360}
          />
        </Panel>
      )}
      {warnings.length > 0 && (
        <Panel title="Worth a look">
          <Group>
            <WarningList warnings={warnings} />
          </Group>
        </Panel>
      )}
    </Stack>
  );
}
