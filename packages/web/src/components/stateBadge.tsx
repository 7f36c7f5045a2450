import { Badge } from '@mantine/core';
import type { BuildState } from '@athanor/schema';

const looks: Record<BuildState, { label: string; color: string }> = {
  Queued: { label: 'Waiting', color: 'gray' },
  'Building Models': { label: 'Building', color: 'ember' },
  'Generating Candidates': { label: 'Generating', color: 'ember' },
  Complete: { label: 'Complete', color: 'kiln' },
  Error: { label: 'Stopped', color: 'red' },
};

/** The state of a build in one word. */
export function StateBadge({ state, label }: { state: BuildState; label?: string }) {
  const look = looks[state];
  return (
    <Badge
      variant="light"
      color={look.color}
      tt="none"
      fw={600}
      miw="max-content"
      style={{ color: 'var(--mantine-color-text)', overflow: 'visible' }}
    >
      {label ?? look.label}
    </Badge>
  );
}
