import { Button, Group, NumberInput, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import type {
  DesignMode,
  DesignSettings,
  InsightCategory,
  ModelSession,
  Objective,
  SessionMetrics,
} from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, useInsightsOfSession } from '../api.ts';
import { codeOf, curlOf, pythonText } from '../code/codeOf.ts';
import { Link, navigate } from '../navigate.tsx';
import { formatNumber } from '../numbers/formatNumber.ts';
import { formatTime } from '../numbers/formatTime.ts';
import { CopyAs } from './copyAs.tsx';
import { ErrorPanel } from './errorPanel.tsx';
import { Panel } from './panel.tsx';
import { StateBadge } from './stateBadge.tsx';

type Goal = Objective['goal'] | 'none';
type Operator = 'none' | 'gte' | 'lte' | 'between';

/** What is wanted of one target, as the form holds it. */
interface Wish {
  readonly goal: Goal;
  readonly value: number | '';
  readonly operator: Operator;
  readonly low: number | '';
  readonly high: number | '';
}

const goalNames: Record<Goal, string> = {
  maximize: 'as high as possible',
  minimize: 'as low as possible',
  match: 'near a value',
  meet: 'only within limits',
  none: 'does not matter',
};
const modeNames: Record<DesignMode, string> = {
  exploit: 'Surely good',
  balanced: 'Balanced',
  explore: 'Daring',
  thompson: 'Spread bets',
};

/** What the next experiments shall reach; then candidates are proposed by models made for it. */
export function DesignPanel({ session, metrics }: { session: ModelSession; metrics: SessionMetrics }) {
  const targets = metrics.targets.map(({ target }) => target);
  const [kind, setKind] = useState<'goals' | 'fill'>('goals');
  const [wishes, setWishes] = useState<Readonly<Record<string, Wish>>>(() =>
    Object.fromEntries(
      targets.map((target) => [target, { goal: 'maximize', value: '', operator: 'none', low: '', high: '' }]),
    ),
  );
  const [mode, setMode] = useState<DesignMode>('balanced');
  const [count, setCount] = useState<number | string>(8);
  const queries = useQueryClient();
  const former = useInsightsOfSession(session.id);

  const objectives = targets.flatMap((target) => objectiveOf(target, wishes[target]!));
  const isFill = kind === 'fill';
  const settings: DesignSettings = isFill
    ? { method: 'space_filling', numCandidatesSelected: Number(count) }
    : { objectives, mode, numCandidatesSelected: Number(count) };
  const body = {
    name: isFill ? `Fill the space of ${session.name}` : sentenceOf(objectives),
    category: (isFill ? 'Smart DOE' : 'Optimizer') as InsightCategory,
    state: 'Queued' as const,
    modelSessionId: session.id,
    datasetId: session.datasetId,
    Registry: { Settings: { ...settings } },
  };
  const run = useMutation({
    mutationFn: () => client.call('createInsight', { body }),
    onSuccess: (insight) => {
      void queries.invalidateQueries({ queryKey: ['insights'] });
      navigate(`/insights/${insight.albertId}`);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    run.mutate();
  };
  const set = (target: string, change: Partial<Wish>): void => {
    setWishes({ ...wishes, [target]: { ...wishes[target]!, ...change } });
  };
  const isReady = (isFill || objectives.length > 0) && Number(count) >= 1 && Number(count) <= 100;
  return (
    <Stack gap="lg">
      <form onSubmit={submit}>
        <Panel
          title="The next experiments"
          hint="Proposed within what the table spans; amounts that add up keep doing so, exactly."
          actions={<CopyAs code={codeFor(body)} />}
        >
          <Stack gap="lg">
            <SegmentedControl
              aria-label="What for"
              value={kind}
              onChange={(value) => setKind(value as 'goals' | 'fill')}
              data={[
                { value: 'goals', label: 'Reach a goal' },
                { value: 'fill', label: 'Fill the gaps' },
              ]}
              style={{ alignSelf: 'flex-start' }}
            />
            {isFill ? (
              <Text fz="sm">
                Experiments far from each other and from those made so far: for learning, without any model.
              </Text>
            ) : (
              <>
                {targets.map((target) => (
                  <WishFields
                    key={target}
                    target={target}
                    wish={wishes[target]!}
                    onChange={(change) => set(target, change)}
                  />
                ))}
                <Text fz="sm" role="status">
                  {objectives.length === 0
                    ? 'Say what is wanted of at least one target.'
                    : `${sentenceOf(objectives)}.`}
                </Text>
                <div>
                  <Text fz="sm" fw={550} mb={4}>
                    How daring
                  </Text>
                  <SegmentedControl
                    aria-label="How daring"
                    value={mode}
                    onChange={(value) => setMode(value as DesignMode)}
                    data={(Object.keys(modeNames) as DesignMode[]).map((value) => ({
                      value,
                      label: modeNames[value],
                    }))}
                  />
                </div>
              </>
            )}
            <Group align="flex-end" gap="md">
              <NumberInput label="Experiments" value={count} onChange={setCount} min={1} max={100} w={130} />
              <Button type="submit" size="md" loading={run.isPending} disabled={!isReady}>
                Propose experiments
              </Button>
            </Group>
            {run.error !== null && <ErrorPanel error={run.error} />}
          </Stack>
        </Panel>
      </form>
      {(former.data?.length ?? 0) > 0 && (
        <Panel title="Proposed before" isFlush>
          {former.data!.map((insight) => (
            <Link key={insight.albertId} to={`/insights/${insight.albertId}`} className="rowLink recentLine">
              <span style={{ flex: 1, minWidth: 0 }}>
                <Text component="span" display="block" fw={550} truncate>
                  {insight.name}
                </Text>
                <Text component="span" display="block" fz="sm" c="dimmed">
                  {insight.albertId} · {insight.category} · {formatTime(insight.Created.at)}
                </Text>
              </span>
              {insight.state !== undefined && <StateBadge state={insight.state} />}
            </Link>
          ))}
        </Panel>
      )}
    </Stack>
  );
}

interface WishFieldsProps {
  readonly target: string;
  readonly wish: Wish;
  readonly onChange: (change: Partial<Wish>) => void;
}

function WishFields({ target, wish, onChange }: WishFieldsProps) {
  const numberOf = (value: number | string): number | '' => (typeof value === 'number' ? value : '');
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label={target}
        value={wish.goal}
        allowDeselect={false}
        onChange={(value) => onChange({ goal: value as Goal })}
        data={(['maximize', 'minimize', 'match', 'meet', 'none'] as const).map((value) => ({
          value,
          label: goalNames[value],
        }))}
        w={240}
      />
      {wish.goal === 'match' && (
        <NumberInput
          label="Value"
          value={wish.value}
          onChange={(value) => onChange({ value: numberOf(value) })}
          w={120}
          hideControls
        />
      )}
      {wish.goal !== 'none' && (
        <Select
          label="Limits"
          value={wish.operator}
          allowDeselect={false}
          onChange={(value) => onChange({ operator: value as Operator })}
          data={[
            { value: 'none', label: 'none' },
            { value: 'gte', label: 'at least' },
            { value: 'lte', label: 'at most' },
            { value: 'between', label: 'between' },
          ]}
          w={130}
        />
      )}
      {wish.goal !== 'none' && (wish.operator === 'gte' || wish.operator === 'between') && (
        <NumberInput
          aria-label={`${target}: least`}
          placeholder="least"
          value={wish.low}
          onChange={(value) => onChange({ low: numberOf(value) })}
          w={100}
          hideControls
        />
      )}
      {wish.goal !== 'none' && (wish.operator === 'lte' || wish.operator === 'between') && (
        <NumberInput
          aria-label={`${target}: most`}
          placeholder="most"
          value={wish.high}
          onChange={(value) => onChange({ high: numberOf(value) })}
          w={100}
          hideControls
        />
      )}
    </Group>
  );
}

/** The objective of a wish; none while it is incomplete. */
function objectiveOf(target: string, { goal, value, operator, low, high }: Wish): Objective[] {
  if (goal === 'none' || (goal === 'match' && value === '')) return [];
  const criterion: Objective['criterion'] =
    operator === 'gte' && low !== ''
      ? { operator: 'gte', value: low }
      : operator === 'lte' && high !== ''
        ? { operator: 'lte', value: high }
        : operator === 'between' && low !== '' && high !== '' && low <= high
          ? { operator: 'between', value: { min: low, max: high } }
          : undefined;
  if (criterion === undefined && (goal === 'meet' || operator !== 'none')) return [];
  return [
    {
      target,
      goal,
      ...(goal === 'match' && value !== '' ? { value } : {}),
      ...(criterion === undefined ? {} : { criterion, isRequired: true }),
    },
  ];
}

/** The objectives read back, e.g. `strength as high as possible, at least 40`. */
function sentenceOf(objectives: readonly Objective[]): string {
  const words = objectives.map(({ target, goal, value, criterion }) => {
    const wanted = goal === 'match' ? `near ${formatNumber(value)}` : goal === 'meet' ? '' : goalNames[goal];
    const limits =
      criterion === undefined
        ? ''
        : criterion.operator === 'between'
          ? `between ${formatNumber(criterion.value.min)} and ${formatNumber(criterion.value.max)}`
          : `${criterion.operator === 'gte' ? 'at least' : 'at most'} ${formatNumber(Number(criterion.value))}`;
    return `${target} ${[wanted, limits].filter((part) => part !== '').join(', ')}`;
  });
  return words.length === 0 ? 'Next experiments' : words.join('; ');
}

function codeFor(body: object) {
  const origin = window.location.origin;
  return codeOf(
    [
      `insight = client.session.post("/api/v3/btinsight", json=${pythonText(body)}).json()`,
      '# poll until insight["state"] is "Complete"; the experiments are in RawPayload["candidates"]',
      'insight = client.btinsights.get_by_id(id=insight["albertId"])',
    ],
    [curlOf(origin, 'POST', '/btinsight', body)],
    origin,
  );
}
