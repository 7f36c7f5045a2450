import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type {
  Candidate,
  DesignPayload,
  InputRow,
  Insight,
  SearchSpace,
  SpaceCheck,
  SpaceVariable,
} from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { client, usePredictions, useSpaceCheck } from '../api.ts';
import type { CandidateReview } from '../design/candidateReview.ts';
import { changeCandidate } from '../design/changeCandidate.ts';
import { partsOf } from '../design/partsOf.ts';
import { shareAmounts } from '../design/shareAmounts.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { Dialog } from './dialog.tsx';
import { ErrorPanel } from './errorPanel.tsx';
import { Icon } from './icon.tsx';
import { MoleculeDrawing } from './moleculeDrawing.tsx';

interface CandidateEditorProps {
  readonly insight: Insight;
  readonly payload: DesignPayload;
  readonly candidate: Candidate;
  readonly review: CandidateReview;
  /** Inputs that are structures. */
  readonly molecular: ReadonlySet<string>;
  readonly onClose: () => void;
}

/** One proposal by hand: what its targets become and whether it still obeys every rule is told while it is changed. */
export function CandidateEditor(props: CandidateEditorProps) {
  const { insight, payload, candidate, review, molecular, onClose } = props;
  const { space } = payload;
  const [row, setRow] = useState<InputRow>(candidate.inputs);
  const [changed, setChanged] = useState<string | null>(null);
  const [settled] = useDebouncedValue(row, 200);
  const targets = candidate.predictions.map(({ target }) => target);
  const session = insight.modelSessionId;
  const answer = usePredictions(session ?? '', session === undefined ? null : { rows: [settled], targets });
  // A space of this one experiment holds it, or nothing at all.
  const alone = useMemo(() => ({ ...space, candidates: [settled] }), [space, settled]);
  const check = useSpaceCheck(session, alone);
  const isCurrent = settled === row && !answer.isPlaceholderData && !check.isPlaceholderData;
  const parts = partsOf(space);
  const sum = parts?.keys.reduce((total, key) => total + Number(row[key] ?? 0), 0);
  const isWhole = parts === null || Math.abs(sum! - parts.total) < 1e-6 * parts.total;
  const offers = isWhole || changed === null ? [] : offersFor(space, row, changed);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const changed = changeCandidate(candidate, settled, answer.data ?? null);
      const candidates = payload.candidates.map((one) => (one.rank === candidate.rank ? changed : one));
      const edited = [...new Set([...review.edited, candidate.rank])];
      return client.call('patchInsight', {
        params: { insightId: insight.albertId },
        body: {
          data: [
            { operation: 'update', attribute: 'RawPayload', newValue: { ...insight.RawPayload, candidates } },
            {
              operation: 'update',
              attribute: 'Metadata',
              newValue: { ...insight.Metadata, review: { ...review, edited } },
            },
            { operation: 'update', attribute: 'contentEdited', newValue: true },
          ],
        },
      });
    },
    onSuccess: (fresh) => {
      queries.setQueryData(['insight', insight.albertId], fresh);
      onClose();
    },
  });
  return (
    <Dialog isOpen onClose={onClose} title={`Experiment no. ${candidate.rank}`} size="xl">
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm" verticalSpacing="xs">
          {space.variables.map((variable) => (
            <InputField
              key={variable.key}
              variable={variable}
              value={row[variable.key] ?? null}
              isMolecule={molecular.has(variable.key)}
              onChange={(value) => {
                setRow({ ...row, [variable.key]: value });
                setChanged(variable.key);
              }}
            />
          ))}
        </SimpleGrid>
        {parts !== null && (
          <Group gap="sm" role="status">
            <Text fz="sm" c={isWhole ? 'dimmed' : 'var(--page-measured)'} className="numeric">
              The amounts add up to {formatNumber(sum, 6, { isExact: true })}
              {isWhole ? '.' : ` and not to ${parts.total}.`}
            </Text>
            {offers.map(({ label, row: offered }) => (
              <Button key={label} size="compact-sm" variant="default" onClick={() => setRow(offered)}>
                {label}
              </Button>
            ))}
          </Group>
        )}
        <div aria-live="polite">
          {candidate.predictions.map(({ target, prediction }) => {
            const now =
              answer.data?.targets.find((one) => one.target === target)?.predictions[0] ?? prediction;
            return (
              <Text key={target} fz="sm" className="numeric" style={{ opacity: isCurrent ? 1 : 0.6 }}>
                {target}: <strong>{formatNumber(now.mean)}</strong>, {Math.round(now.interval.level * 100)} %
                between {formatNumber(now.interval.lower)} and {formatNumber(now.interval.upper)}
              </Text>
            );
          })}
          {check.data !== undefined && (
            <Group gap={8} mt={6} wrap="nowrap" align="flex-start" style={{ opacity: isCurrent ? 1 : 0.6 }}>
              <span style={{ color: check.data.isFeasible ? 'var(--page-model)' : 'var(--page-measured)' }}>
                <Icon name={check.data.isFeasible ? 'check' : 'warning'} size={17} />
              </span>
              <Text fz="sm">
                {check.data.isFeasible
                  ? 'It obeys every rule.'
                  : `It breaks a rule: ${brokenRules(check.data).join('; ')}.`}
              </Text>
            </Group>
          )}
        </div>
        {(check.error ?? answer.error ?? save.error) !== null && (
          <ErrorPanel error={save.error ?? answer.error ?? check.error} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave as it was
          </Button>
          <Button
            loading={save.isPending}
            disabled={row === candidate.inputs || (session !== undefined && !isCurrent)}
            onClick={() => save.mutate()}
          >
            {check.data?.isFeasible === false ? 'Keep it nevertheless' : 'Keep the change'}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface Offer {
  readonly label: string;
  readonly row: InputRow;
}

/** Ways to come back to the total after one amount was changed: by all others, or by the one that is most of it. */
function offersFor(space: SearchSpace, row: InputRow, changed: string): Offer[] {
  const others = partsOf(space)!.keys.filter((key) => key !== changed);
  const most = others.reduce((a, b) => (Number(row[b] ?? 0) > Number(row[a] ?? 0) ? b : a), others[0] ?? '');
  const value = Number(row[changed]);
  const shared = shareAmounts(space, row, changed, value);
  const alone = shareAmounts(space, row, changed, value, new Set(others.filter((key) => key !== most)));
  return [
    ...(shared === null ? [] : [{ label: 'Let the others share the rest', row: shared }]),
    ...(alone === null ? [] : [{ label: `Let ${most} make up for it`, row: alone }]),
  ];
}

/** What does not hold, in the words of the space. */
function brokenRules({ violations, sentences }: SpaceCheck): string[] {
  const paths = violations.flatMap((one) => one.paths);
  return sentences.filter(({ path }) => paths.includes(path)).map(({ text }) => text);
}

interface InputFieldProps {
  readonly variable: SpaceVariable;
  readonly value: InputRow[string];
  readonly isMolecule: boolean;
  readonly onChange: (value: number | string) => void;
}

function InputField({ variable, value, isMolecule, onChange }: InputFieldProps) {
  const { key } = variable;
  if (variable.kind === 'category') {
    return (
      <div>
        <Select
          label={key}
          size="sm"
          searchable
          allowDeselect={false}
          limit={100}
          value={value === null ? null : String(value)}
          data={variable.levels}
          onChange={(level) => onChange(level!)}
        />
        {isMolecule && <MoleculeDrawing smiles={String(value ?? '')} />}
      </div>
    );
  }
  if (variable.kind === 'discrete') {
    return (
      <Select
        label={key}
        size="sm"
        allowDeselect={false}
        value={String(value)}
        data={variable.values.map(String)}
        onChange={(choice) => onChange(Number(choice))}
      />
    );
  }
  const { lower, upper, step } = variable;
  return (
    <NumberInput
      label={key}
      size="sm"
      description={`${formatNumber(lower, 5, { isExact: true })} to ${formatNumber(upper, 5, { isExact: true })}`}
      inputWrapperOrder={['label', 'input', 'description']}
      step={step ?? (upper - lower) / 50}
      value={typeof value === 'number' ? value : ''}
      onChange={(next) => {
        if (typeof next === 'number') onChange(next);
      }}
    />
  );
}
