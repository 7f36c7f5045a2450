import { Button, Checkbox, Group, Radio, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { PreflightRequest, BuildOptions, DatasetProfile, FoldQuestion, Variable } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { client, useDataset, usePreflight, useProfile } from '../api.ts';
import { codeOf, curlOf, pythonText } from '../code/codeOf.ts';
import { CopyAs } from '../components/copyAs.tsx';
import { EmptyState } from '../components/emptyState.tsx';
import { ErrorPage } from '../components/errorPage.tsx';
import { ErrorPanel } from '../components/errorPanel.tsx';
import { PageHead } from '../components/pageHead.tsx';
import { FactList } from '../components/factList.tsx';
import { Panel } from '../components/panel.tsx';
import { Waiting } from '../components/waiting.tsx';
import { WarningList } from '../components/warningList.tsx';
import { formatDuration } from '../numbers/formatDuration.ts';
import { navigate, useLocation } from '../navigate.tsx';

export const questionTexts: Record<FoldQuestion, { label: string; meaning: string }> = {
  interpolate: {
    label: 'New mixtures of what I have tried',
    meaning: 'Rows are held out at random; equal formulations and repeats stay together.',
  },
  new_ingredient: {
    label: 'Ingredients nobody has tried',
    meaning: 'All rows with an ingredient are held out together. Expect lower, more honest scores.',
  },
  new_region: {
    label: 'Regions outside my data',
    meaning: 'Rows far from the others are held out. The hardest question, and often the real one.',
  },
};

/** What to model and for which question; then the build begins. */
export function NewSessionPage() {
  const { query } = useLocation();
  const datasetId = query.get('dataset') ?? undefined;
  const dataset = useDataset(datasetId);
  const profile = useProfile(datasetId);
  if (datasetId === undefined) {
    return (
      <EmptyState
        isPage
        title="Build models of which table?"
        action={<Button onClick={() => navigate('/datasets')}>Choose a dataset</Button>}
      />
    );
  }
  const error = dataset.error ?? profile.error;
  if (error !== null) return <ErrorPage error={error} onRetry={() => void profile.refetch()} />;
  if (dataset.data === undefined || profile.data === undefined) return <Waiting />;
  return <NewSessionForm datasetId={datasetId} datasetName={dataset.data.name} profile={profile.data} />;
}

interface NewSessionFormProps {
  readonly datasetId: string;
  readonly datasetName: string;
  readonly profile: DatasetProfile;
}

function NewSessionForm({ datasetId, datasetName, profile }: NewSessionFormProps) {
  const { variables } = profile;
  const initialTargets = variables.filter(({ role }) => role === 'target').map(({ key }) => key);
  const candidates = variables.filter(({ dataType }) => dataType === 'numeric');
  const likely = candidates.filter(({ key }) => initialTargets.includes(key));
  const others = candidates.filter((variable) => !likely.includes(variable));
  const [hasOthers, { toggle: toggleOthers }] = useDisclosure(false);
  const [targets, setTargets] = useState(initialTargets);
  const [leftOut, setLeftOut] = useState<readonly string[]>([]);
  const [question, setQuestion] = useState<FoldQuestion>('interpolate');
  const groupByRole = variables.find(({ role }) => role === 'group')?.key ?? null;
  const [group, setGroup] = useState<string | null>(groupByRole);
  const [name, setName] = useState('');
  const queries = useQueryClient();

  const inputs = variables.filter(({ key, role }) => role === 'input' && !targets.includes(key));
  const learned = inputs.filter(({ key }) => !leftOut.includes(key) && key !== group);
  const defaultName =
    targets.length === 0 ? datasetName : targets.map((key) => nameOf(variables, key)).join(', ');
  const body = useMemo(() => {
    const options: BuildOptions = {
      question,
      ...(leftOut.length === 0 ? {} : { ignore: [...leftOut] }),
      ...(group === null ? {} : { group }),
    };
    return {
      name: name.trim() === '' ? defaultName : name.trim(),
      category: 'albertModel' as const,
      datasetId,
      target: targets,
      buildOptions: options,
    };
  }, [question, leftOut, group, name, defaultName, datasetId, targets]);
  const create = useMutation({
    mutationFn: () => client.call('createModelSession', { body }),
    onSuccess: (session) => {
      void queries.invalidateQueries({ queryKey: ['sessions'] });
      navigate(`/sessions/${session.id}`);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  const toggle = (key: string): void => {
    setLeftOut(leftOut.includes(key) ? leftOut.filter((one) => one !== key) : [...leftOut, key]);
  };

  return (
    <form onSubmit={submit}>
      <PageHead
        title="Build models"
        trail={[
          ['Datasets', '/datasets'],
          [datasetName, `/datasets/${datasetId}`],
        ]}
        detail="Several kinds of models compete for each target; the default is the one that does best on rows it has not seen."
        actions={<CopyAs code={codeFor(body)} />}
      />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack gap="lg">
          <Panel title="Targets" hint="What you want to predict.">
            <Checkbox.Group value={targets} onChange={setTargets} aria-label="Targets">
              <Stack gap={8}>
                {likely.map((variable) => (
                  <TargetChoice key={variable.key} variable={variable} rowCount={profile.rowCount} />
                ))}
                {others.length > 0 && likely.length > 0 && (
                  <div>
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      onClick={toggleOthers}
                      aria-expanded={hasOthers}
                    >
                      {hasOthers ? 'Fewer columns' : `${others.length} other columns of numbers`}
                    </Button>
                  </div>
                )}
                {(hasOthers || likely.length === 0) &&
                  others.map((variable) => (
                    <TargetChoice key={variable.key} variable={variable} rowCount={profile.rowCount} />
                  ))}
              </Stack>
            </Checkbox.Group>
            {candidates.length === 0 && (
              <Text fz="sm" c="dimmed">
                No column holds numbers; there is nothing to predict.
              </Text>
            )}
          </Panel>
          <Panel
            title="What will you ask of the models?"
            hint="It decides how the models are tested; the models themselves stay the same."
          >
            <Radio.Group
              value={question}
              onChange={(value) => setQuestion(value as FoldQuestion)}
              aria-label="Question"
            >
              <Stack gap={10}>
                {(Object.keys(questionTexts) as FoldQuestion[]).map((one) => (
                  <Radio
                    key={one}
                    value={one}
                    label={questionTexts[one].label}
                    description={questionTexts[one].meaning}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <Select
              mt="md"
              label="Rows that belong together"
              description="A batch, lot or author: rows with the same value are held out together."
              placeholder="none"
              clearable
              clearButtonProps={{ 'aria-label': 'No group' }}
              value={group}
              onChange={setGroup}
              data={variables.filter(({ key }) => !targets.includes(key)).map(({ key }) => key)}
            />
          </Panel>
        </Stack>
        <Stack gap="lg">
          <Panel title="Before it starts">
            <Stack gap="md">
              <PreflightFacts body={body} />
              <TextInput
                label="Name of the session"
                placeholder={defaultName}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                maxLength={500}
              />
              {create.error !== null && <ErrorPanel error={create.error} />}
              <Button
                size="md"
                type="submit"
                loading={create.isPending}
                disabled={targets.length === 0 || learned.length === 0}
              >
                Build models
              </Button>
            </Stack>
          </Panel>
          <Panel title="Inputs" hint="Untick what models must not see.">
            <Stack gap={6}>
              {inputs.map(({ key }) => (
                <Checkbox
                  key={key}
                  label={key}
                  checked={!leftOut.includes(key)}
                  onChange={() => toggle(key)}
                />
              ))}
            </Stack>
            {inputs.length === 0 && (
              <Text fz="sm" c="dimmed">
                No column has the role of an input.
              </Text>
            )}
            <Group mt="sm">
              <Text fz="sm" c="dimmed">
                Columns marked as identifier or left out are not listed; change that at the dataset.
              </Text>
            </Group>
          </Panel>
        </Stack>
      </SimpleGrid>
    </form>
  );
}

/** Rows, folds, minutes, memory and what looks wrong, before anything is spent. */
function PreflightFacts({ body }: { body: PreflightRequest }) {
  const { datasetId, target, buildOptions } = body;
  const preflight = usePreflight({ datasetId, target, buildOptions });
  if ((target?.length ?? 0) === 0) {
    return (
      <Text fz="sm" c="dimmed">
        Choose a target first.
      </Text>
    );
  }
  if (preflight.error !== null) return <ErrorPanel error={preflight.error} />;
  if (preflight.data === undefined) return <Waiting rows={1} height={120} />;
  const { models, inputs, leftOut, targets, seconds, memoryBytes, warnings } = preflight.data;
  return (
    <Stack gap="sm">
      <FactList
        facts={[
          ...targets.map(({ target: key, rows, groups, folds, repeats }): [string, string] => [
            key,
            `${rows} rows in ${groups} groups, ${folds} folds × ${repeats}`,
          ]),
          ['inputs', inputs.length],
          ['models', models.map(({ name }) => name).join(', ')],
          ['fits, counting each fold', models.reduce((sum, one) => sum + one.fits, 0)],
          [
            'expected time',
            `${seconds < 3 ? 'a few seconds' : `about ${formatDuration(seconds)}`}, longer if the machine is busy`,
          ],
          ['expected memory', `about ${memoryText(memoryBytes)}`],
        ]}
      />
      {leftOut.length > 0 && (
        <div>
          <Text fz="sm" fw={550}>
            Columns that take no part
          </Text>
          {leftOut.map(({ column, reason }) => (
            <Text key={column} fz="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {column}: {reason}
            </Text>
          ))}
        </div>
      )}
      {warnings.length > 0 && <WarningList warnings={warnings} />}
    </Stack>
  );
}

function memoryText(bytes: number): string {
  const megabytes = bytes / 2 ** 20;
  return megabytes < 1000
    ? `${Math.max(10, Math.round(megabytes / 10) * 10)} MB`
    : `${(megabytes / 1024).toFixed(1)} GB`;
}

function TargetChoice({ variable, rowCount }: { variable: Variable; rowCount: number }) {
  return (
    <Checkbox value={variable.key} label={variable.key} description={describeTarget(variable, rowCount)} />
  );
}

function describeTarget({ missingCount, distinctCount }: Variable, rowCount: number): string {
  const measured = rowCount - missingCount;
  return `${measured} measured · ${distinctCount} different values`;
}

function nameOf(variables: readonly Variable[], key: string): string {
  return variables.find((variable) => variable.key === key)?.name ?? key;
}

function codeFor(body: {
  name: string;
  datasetId: string;
  target: readonly string[];
  buildOptions: BuildOptions;
}) {
  const origin = window.location.origin;
  return codeOf(
    [
      'from albert.resources.btmodel import BTModelSession, BTModelSessionCategory',
      '',
      'session = client.btmodelsessions.create(',
      '    model_session=BTModelSession(',
      `        name=${pythonText(body.name)},`,
      '        category=BTModelSessionCategory.ALBERT_MODEL,',
      `        dataset_id=${pythonText(body.datasetId)},`,
      `        target=${pythonText(body.target)},`,
      `        albert_model_details={"options": ${pythonText(body.buildOptions)}},`,
      '    )',
      ')',
    ],
    [curlOf(origin, 'POST', '/btmodel', body)],
    origin,
  );
}
