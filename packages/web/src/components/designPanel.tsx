import { Button, Group, NumberInput, SegmentedControl, Select, Stack, Text, useMatches } from '@mantine/core';
import {
  type DesignMode,
  designModes,
  type DesignSettings,
  type InsightCategory,
  type ModelSession,
  policyNames,
  type SearchSpace,
  type SessionMetrics,
} from '@athanor/schema';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, useInsightsOfSession, useProfile, useSessionSpace, useSpaceCheck } from '../api.ts';
import { codeOf, curlOf, pythonText } from '../code/codeOf.ts';
import { Link, navigate } from '../navigate.tsx';
import { formatTime } from '../numbers/formatTime.ts';
import { objectiveOf, sentenceOf, type Wish } from '../design/wish.ts';
import { CopyAs } from './copyAs.tsx';
import { ErrorPanel } from './errorPanel.tsx';
import { Panel } from './panel.tsx';
import { ReplayFields, type ReplayPlan } from './replayFields.tsx';
import { SpacePanel } from './space/spacePanel.tsx';
import { StateBadge } from './stateBadge.tsx';
import { WishFields } from './wishFields.tsx';

type DoeMethod = NonNullable<DesignSettings['method']>;
const methodNames: Record<DoeMethod, { label: string; meaning: string }> = {
  space_filling: {
    label: 'Far from each other',
    meaning: 'Experiments far from each other and from those made so far: for learning, without any model.',
  },
  d_optimal: {
    label: 'Tell effects apart',
    meaning:
      'The runs that say most about the effects chosen below, together with what was made (D-optimal).',
  },
  i_optimal: {
    label: 'Predict well everywhere',
    meaning: 'The runs after which predictions are surest on average over the space (I-optimal).',
  },
  first_design: {
    label: 'Begin anew',
    meaning: 'A first set of runs as if nothing had been made: corners, edges and the middle, spread out.',
  },
};
const modeMeanings: Record<DesignMode, string> = {
  exploit: 'The best means amid the data, or at their edge.',
  balanced:
    'Half of them amid the data or at their edge, half where most improvement is expected, even beyond.',
  explore: 'What may be the best for all that is known, often outside the data.',
  thompson: 'Each is the best in one of the worlds that the data allow, wherever that is.',
};
type Terms = NonNullable<DesignSettings['terms']>;
const termNames: Record<Terms, string> = {
  linear: 'straight lines',
  interactions: 'lines and interactions',
  quadratic: 'curves and interactions',
};

/** What the next experiments shall reach and obey; then candidates are proposed by models made for it. */
export function DesignPanel({ session, metrics }: { session: ModelSession; metrics: SessionMetrics }) {
  const targets = metrics.targets.map(({ target }) => target);
  const [kind, setKind] = useState<'goals' | 'fill' | 'replay'>('goals');
  const [wishes, setWishes] = useState<Readonly<Record<string, Wish>>>(() =>
    Object.fromEntries(
      targets.map((target) => [target, { goal: 'maximize', value: '', operator: 'none', low: '', high: '' }]),
    ),
  );
  const [mode, setMode] = useState<DesignMode>('balanced');
  const [method, setMethod] = useState<DoeMethod>('space_filling');
  const [terms, setTerms] = useState<Terms>('quadratic');
  const [replay, setReplay] = useState<ReplayPlan>({
    target: targets[0]!,
    goal: 'maximize',
    startCount: 5,
    batchSize: 5,
    budget: 50,
    campaigns: 5,
  });
  const [count, setCount] = useState<number | string>(8);
  // On a phone held upright the four do not stand side by side.
  const orientation = useMatches<'vertical' | 'horizontal'>({ base: 'vertical', xs: 'horizontal' });
  const queries = useQueryClient();
  const former = useInsightsOfSession(session.id);
  const profile = useProfile(session.datasetId);

  const inferred = useSessionSpace(session.id);
  // Null is the space of the table, as it is when the experiments are planned.
  const [ownSpace, setOwnSpace] = useState<SearchSpace | null>(null);
  const [settled] = useDebouncedValue(ownSpace, 350);
  const check = useSpaceCheck(session.id, settled ?? {});
  const isCurrent = settled === ownSpace && !check.isPlaceholderData && check.data !== undefined;

  const objectives = targets.flatMap((target) => objectiveOf(target, wishes[target]!));
  // A target that is wanted and has no whole wish must not be left out in silence.
  const unsaid = targets.filter(
    (target) => wishes[target]!.goal !== 'none' && objectiveOf(target, wishes[target]!).length === 0,
  );
  const isFill = kind === 'fill';
  const isReplay = kind === 'replay';
  const settings: DesignSettings = isReplay
    ? { backtest: replay }
    : {
        ...(isFill
          ? { method, ...(method === 'd_optimal' || method === 'i_optimal' ? { terms } : {}) }
          : { objectives, mode }),
        numCandidatesSelected: Number(count),
        ...(ownSpace === null ? {} : { space: ownSpace }),
      };
  const body = {
    name: isReplay
      ? `Replay: ${replay.target}`
      : isFill
        ? `${methodNames[method].label}: ${session.name}`
        : sentenceOf(objectives),
    category: (isFill
      ? 'Smart DOE'
      : isReplay || ownSpace === null
        ? 'Optimizer'
        : 'Custom Optimizer') as InsightCategory,
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
  const isEmpty = isCurrent && check.data?.isFeasible === false;
  const hasPurpose = kind !== 'goals' || (objectives.length > 0 && unsaid.length === 0);
  const isReady = hasPurpose && (isReplay || (Number(count) >= 1 && Number(count) <= 100 && !isEmpty));
  return (
    <Stack gap="lg">
      <form onSubmit={submit}>
        <Panel
          title="The next experiments"
          hint="Say what they are for; what may be made stands below."
          actions={<CopyAs code={codeFor(body)} />}
        >
          <Stack gap="lg">
            <SegmentedControl
              aria-label="What for"
              orientation={orientation}
              value={kind}
              onChange={(value) => setKind(value as 'goals' | 'fill')}
              data={[
                { value: 'goals', label: 'Reach a goal' },
                { value: 'fill', label: 'Learn more (DOE)' },
                { value: 'replay', label: 'Would it have paid?' },
              ]}
              style={{ alignSelf: 'flex-start' }}
            />
            {isReplay ? (
              <ReplayFields plan={replay} targets={targets} onChange={setReplay} />
            ) : isFill ? (
              <Group align="flex-end" gap="sm">
                <Select
                  label="Which experiments"
                  w={240}
                  allowDeselect={false}
                  value={method}
                  onChange={(value) => setMethod(value as DoeMethod)}
                  data={(Object.keys(methodNames) as DoeMethod[]).map((value) => ({
                    value,
                    label: methodNames[value].label,
                  }))}
                />
                {(method === 'd_optimal' || method === 'i_optimal') && (
                  <Select
                    label="Effects"
                    w={220}
                    allowDeselect={false}
                    value={terms}
                    onChange={(value) => setTerms(value as Terms)}
                    data={(Object.keys(termNames) as Terms[]).map((value) => ({
                      value,
                      label: termNames[value],
                    }))}
                  />
                )}
                <Text fz="sm" style={{ flexBasis: '100%' }}>
                  {methodNames[method].meaning}
                </Text>
              </Group>
            ) : (
              <>
                {targets.map((target) => (
                  <WishFields
                    key={target}
                    target={target}
                    wish={wishes[target]!}
                    measured={profile.data?.variables.find(({ key }) => key === target)?.range ?? null}
                    onChange={(change) => set(target, change)}
                  />
                ))}
                <Text fz="sm" role="status">
                  {unsaid.length > 0
                    ? `Say the value that is wanted of ${unsaid.join(' and ')}.`
                    : objectives.length === 0
                      ? 'Say what is wanted of at least one target.'
                      : `${sentenceOf(objectives)}.`}
                </Text>
                <div>
                  <Text fz="sm" fw={550} mb={4}>
                    How daring
                  </Text>
                  <SegmentedControl
                    aria-label="How daring"
                    orientation={orientation}
                    value={mode}
                    onChange={(value) => setMode(value as DesignMode)}
                    data={designModes.map((value) => ({
                      value,
                      label: policyNames[value],
                    }))}
                  />
                  <Text fz="xs" c="dimmed" mt={4} aria-live="polite">
                    {modeMeanings[mode]}
                  </Text>
                </div>
              </>
            )}
            <Group align="flex-end" gap="md">
              {!isReplay && (
                <NumberInput
                  label="Experiments"
                  value={count}
                  onChange={setCount}
                  min={1}
                  max={100}
                  w={130}
                />
              )}
              <Button type="submit" size="md" loading={run.isPending} disabled={!isReady}>
                {isReplay ? 'Replay the table' : 'Propose experiments'}
              </Button>
              {isEmpty && !isReplay && (
                <Text fz="sm" c="var(--page-measured)">
                  Nothing obeys what is asked for below.
                </Text>
              )}
            </Group>
            {run.error !== null && <ErrorPanel error={run.error} />}
          </Stack>
        </Panel>
      </form>
      {!isReplay && (
        <SpacePanel
          session={session}
          answer={inferred}
          space={ownSpace}
          check={check.data}
          error={check.error}
          isCurrent={isCurrent}
          onChange={setOwnSpace}
        />
      )}
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
