import { Button, Group, Stack, Text } from '@mantine/core';
import type { Candidate, CellValue, DesignPayload, Insight, Variable } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { client, useMolecularKeys, useProfile, useReview } from '../api.ts';
import { followUp } from '../design/followUp.ts';
import { narrowSpace } from '../design/narrowSpace.ts';
import { navigate } from '../navigate.tsx';
import { formatNumber } from '../numbers/formatNumber.ts';
import { CandidateDetail } from './candidateDetail.tsx';
import { CandidateEditor } from './candidateEditor.tsx';
import { CandidateTable } from './candidateTable.tsx';
import { CandidateViews } from './candidateViews.tsx';
import { ErrorPanel } from './errorPanel.tsx';
import { ExportMenu } from './exportMenu.tsx';
import { Panel } from './panel.tsx';
import { WarningList } from './warningList.tsx';

interface CandidatesPanelProps {
  readonly insight: Insight;
  readonly payload: DesignPayload;
}

/** Proposals of more like one. */
const moreCount = 5;

/** Proposed experiments: what to make, what to expect of it, and why; pinned, changed, left out, and asked for anew. */
export function CandidatesPanel({ insight, payload }: CandidatesPanelProps) {
  const { candidates, generated, space, warnings } = payload;
  const inputs = useMemo(() => space.variables.map(({ key }) => key), [space]);
  const targets = useMemo(() => candidates[0]?.predictions.map(({ target }) => target) ?? [], [candidates]);
  const molecular = useMolecularKeys(insight.datasetId);
  const { review, mark, error } = useReview(insight);
  const profile = useProfile(insight.datasetId);
  const variables = useMemo(
    () => new Map(profile.data?.variables.map((variable): [string, Variable] => [variable.key, variable])),
    [profile.data],
  );
  // What is the same in all of them is said once, above the table.
  const same = useMemo(
    () => (candidates.length < 2 ? [] : inputs.filter((key) => isSame(candidates, key))),
    [candidates, inputs],
  );
  const [chosen, setChosen] = useState<number | null>(candidates[0]?.rank ?? null);
  const [edited, setEdited] = useState<Candidate | null>(null);
  const [passing, setPassing] = useState<ReadonlySet<number> | null>(null);
  const queries = useQueryClient();
  const ask = useMutation({
    mutationFn: (body: ReturnType<typeof followUp>) => client.call('createInsight', { body }),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ['insights'] });
      navigate(`/insights/${made.albertId}`);
    },
  });
  const inputsOf = (ranks: readonly number[]) =>
    candidates.filter(({ rank }) => ranks.includes(rank)).map((candidate) => candidate.inputs);
  const moreLike = ({ rank, inputs: row }: Candidate): void => {
    const known = candidates.map((candidate) => candidate.inputs);
    ask.mutate(
      followUp(insight, payload, {
        name: `Like no. ${rank} of ${insight.name}`.slice(0, 500),
        space: narrowSpace(space, row, known),
        pending: inputsOf(review.pinned),
        count: moreCount,
      }),
    );
  };
  const again = (): void => {
    const refused = inputsOf(review.excluded);
    const constraints = [
      ...space.constraints,
      ...(refused.length === 0 ? [] : [{ kind: 'exclude' as const, rows: refused }]),
    ];
    ask.mutate(
      followUp(insight, payload, {
        name: insight.name,
        space: { ...space, constraints },
        pending: inputsOf(review.pinned),
        count: Math.max(1, candidates.length - review.pinned.length),
      }),
    );
  };
  const shown = passing === null ? candidates : candidates.filter(({ rank }) => passing.has(rank));
  const exported =
    review.pinned.length > 0
      ? review.pinned
      : review.excluded.length > 0
        ? candidates.map(({ rank }) => rank).filter((rank) => !review.excluded.includes(rank))
        : null;
  const detailed = candidates.find(({ rank }) => rank === chosen);
  const hasMarks = review.pinned.length + review.excluded.length > 0;
  return (
    <Stack gap="lg">
      <Panel
        title={`${candidates.length} experiments`}
        hint={
          <>
            The best of {generated.toLocaleString('en')} that were compared; all of them obey every rule.
            {hasMarks && (
              <>
                {' '}
                {review.pinned.length} pinned, {review.excluded.length} left out.
              </>
            )}
          </>
        }
        isFlush
        actions={
          <Group gap="xs" className="noPrint">
            <Button
              variant="default"
              loading={ask.isPending}
              onClick={again}
              title="Pinned ones count as under way, those left out do not come again"
            >
              Propose others
            </Button>
            <ExportMenu
              insightId={insight.albertId}
              ranks={exported}
              count={exported?.length ?? candidates.length}
            />
          </Group>
        }
      >
        {(error ?? ask.error) !== null && <ErrorPanel error={error ?? ask.error} />}
        {same.length > 0 && (
          <Text fz="sm" px="lg" pb="xs">
            The same in all:{' '}
            {same
              .map((key) => describeInput(variables.get(key), key, candidates[0]!.inputs[key] ?? null))
              .join(', ')}
            .
          </Text>
        )}
        <CandidateTable
          candidates={shown}
          inputs={inputs.filter((key) => !same.includes(key))}
          targets={targets}
          variables={variables}
          review={review}
          molecular={molecular}
          chosen={chosen}
          onChoose={setChosen}
          onMark={mark}
          onEdit={setEdited}
          onMoreLike={ask.isPending ? null : moreLike}
        />
        {detailed !== undefined && (
          <CandidateDetail
            candidate={detailed}
            space={space}
            variables={variables}
            datasetId={insight.datasetId}
          />
        )}
        {passing !== null && (
          <Text fz="sm" c="dimmed" p="sm" role="status">
            {shown.length} of {candidates.length} pass what is chosen in the picture below.
          </Text>
        )}
      </Panel>
      <CandidateViews
        insight={insight}
        payload={payload}
        candidates={candidates}
        inputs={inputs}
        targets={targets}
        variables={variables}
        chosen={chosen}
        onChoose={setChosen}
        onPassing={setPassing}
      />
      {warnings.length > 0 && (
        <Panel title="Worth a look">
          <WarningList warnings={warnings} />
        </Panel>
      )}
      {edited !== null && (
        <CandidateEditor
          insight={insight}
          payload={payload}
          candidate={edited}
          review={review}
          molecular={molecular}
          onClose={() => setEdited(null)}
        />
      )}
    </Stack>
  );
}

function isSame(candidates: readonly Candidate[], key: string): boolean {
  const first = candidates[0]!.inputs[key] ?? null;
  return candidates.every(({ inputs }) => (inputs[key] ?? null) === first);
}

/** `Glass fibre 40 wt%`, `no Flame retardant`, `Supplier BASF`. */
function describeInput(variable: Variable | undefined, key: string, value: CellValue): string {
  const name = variable?.name ?? key;
  if (value === 0 && variable?.type === 'material_amount') return `no ${name}`;
  const text = typeof value === 'number' ? formatNumber(value, 6, { isExact: true }) : String(value ?? '–');
  return [name, text, variable?.unit].filter(Boolean).join(' ');
}
