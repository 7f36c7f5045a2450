import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Whether this is all that the page has. */
  readonly isPage?: boolean;
}

/** Nothing here yet: why, and the next step. */
export function EmptyState({ title, children, action, isPage = false }: EmptyStateProps) {
  return (
    <Stack align="center" gap={6} py={isPage ? '14vh' : 48} px="md" ta="center">
      {isPage ? (
        <Title order={1} fz="1.4rem">
          {title}
        </Title>
      ) : (
        <Text fw={600}>{title}</Text>
      )}
      {children !== undefined && (
        <Text c="dimmed" fz="sm" maw={440}>
          {children}
        </Text>
      )}
      {action !== undefined && <div style={{ marginTop: 10 }}>{action}</div>}
    </Stack>
  );
}
