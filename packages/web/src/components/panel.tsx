import { Box, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PanelProps {
  readonly title?: string;
  /** What this shows and how to read it, one line. */
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly isFlush?: boolean;
}

/** A part of a page on its own ground. */
export function Panel({ title, hint, actions, children, isFlush = false }: PanelProps) {
  return (
    <Box
      component="section"
      className="surface"
      style={{ minWidth: 0, overflow: 'hidden' }}
      aria-label={title}
    >
      {(title !== undefined || actions !== undefined) && (
        <Group justify="space-between" align="flex-start" px="lg" pt="md" pb="xs" gap="sm">
          <div style={{ flex: '1 1 220px', minWidth: 0 }}>
            {title !== undefined && <Title order={2}>{title}</Title>}
            {hint !== undefined && (
              <Text component="div" fz="sm" c="dimmed">
                {hint}
              </Text>
            )}
          </div>
          {actions}
        </Group>
      )}
      <Box px={isFlush ? 0 : 'lg'} pb={isFlush ? 0 : 'md'} pt={title === undefined && !isFlush ? 'md' : 0}>
        {children}
      </Box>
    </Box>
  );
}
