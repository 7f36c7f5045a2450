import { Group, Text } from '@mantine/core';
import type { ApplicabilityJudgement } from '@athanor/schema';
import { describeTrust } from '../design/describeTrust.ts';
import { Icon } from './icon.tsx';

/** Where an experiment lies among those that were made, why, and what that means for its interval if it has one. */
export function TrustLine({
  judged,
  hasInterval = true,
}: {
  judged: Pick<ApplicabilityJudgement, 'class' | 'reasons'>;
  hasInterval?: boolean;
}) {
  const { sentence, meaning, isDoubtful } = describeTrust(judged)!;
  const { reasons } = judged;
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <span style={{ color: isDoubtful ? 'var(--page-measured)' : 'var(--page-model)', marginTop: 1 }}>
        <Icon name={isDoubtful ? 'warning' : 'check'} size={16} />
      </span>
      <Text fz="sm">
        {sentence}
        {reasons.length > 0 && <>: {reasons.join('; ')}</>}.{hasInterval && ` ${meaning}`}
      </Text>
    </Group>
  );
}
