import { Button, Text } from '@mantine/core';
import type { ModelSession, SearchSpace, SessionSpace, SpaceCheck } from '@athanor/schema';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useMadeRows } from '../../api.ts';
import { ErrorPanel } from '../errorPanel.tsx';
import { Panel } from '../panel.tsx';
import { Waiting } from '../waiting.tsx';
import { SpaceEditor } from './spaceEditor.tsx';

interface SpacePanelProps {
  readonly session: ModelSession;
  readonly answer: UseQueryResult<SessionSpace>;
  /** Null for the space of the table. */
  readonly space: SearchSpace | null;
  readonly check: SpaceCheck | undefined;
  readonly error: Error | null;
  readonly isCurrent: boolean;
  readonly onChange: (space: SearchSpace | null) => void;
}

/** Rows made before that can be taken into a rule: it goes along with every check. */
const mostExcluded = 2000;

/** What may be made: read back in sentences, and on request as fields to change. */
export function SpacePanel({ session, answer, space, check, error, isCurrent, onChange }: SpacePanelProps) {
  const [isOpen, setOpen] = useState(false);
  const inferred = answer.data?.space;
  const inputs = useMemo(() => inferred?.variables.map(({ key }) => key) ?? [], [inferred]);
  const made = useMadeRows(isOpen ? session.datasetId : undefined, inputs, mostExcluded);
  const shown = space ?? inferred;
  const sentences = (space === null ? answer.data : check)?.sentences ?? [];
  const change = (next: SearchSpace): void => onChange(next === inferred ? null : next);
  return (
    <Panel
      title="What may be made"
      hint={
        space === null
          ? 'What the table spans: bounds and steps as seen, sums that were kept. Every proposal obeys it exactly.'
          : 'As you have set it. Every proposal obeys it exactly.'
      }
      actions={
        inferred !== undefined && (
          <Button variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Close' : 'Change'}
          </Button>
        )
      }
    >
      {answer.error !== null && <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.isPending && <Waiting rows={1} height={90} />}
      {!isOpen && sentences.length > 0 && (
        <ul className="sentences">
          {sentences
            .toSorted(
              (a, b) => Number(a.path.startsWith('variables')) - Number(b.path.startsWith('variables')),
            )
            .map(({ path, text }) => (
              <Text key={path} component="li" fz="sm">
                {text}
              </Text>
            ))}
        </ul>
      )}
      {isOpen && error !== null && <ErrorPanel error={error} />}
      {isOpen && shown !== undefined && inferred !== undefined && (
        <SpaceEditor
          space={shown}
          check={check}
          isCurrent={isCurrent}
          inferred={inferred}
          made={made}
          onChange={change}
        />
      )}
    </Panel>
  );
}
