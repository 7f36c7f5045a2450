import { Stack, Title } from '@mantine/core';
import { useTitle } from '../useTitle.ts';
import { ErrorPanel } from './errorPanel.tsx';

/** A page that cannot be shown, and why. */
export function ErrorPage({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  useTitle('Not shown');
  return (
    <Stack gap="md" maw={720} py="xl">
      <Title order={1} fz="1.4rem">
        This page cannot be shown
      </Title>
      <ErrorPanel error={error} {...(onRetry === undefined ? {} : { onRetry })} />
    </Stack>
  );
}
