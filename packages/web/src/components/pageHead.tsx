import { Box, Group, Text, Title } from '@mantine/core';
import { Fragment, type ReactNode, useEffect } from 'react';
import { Link } from '../navigate.tsx';

interface PageHeadProps {
  readonly title: string;
  /** Where this page belongs: label and address. */
  readonly trail?: readonly (readonly [label: string, to: string])[];
  /** One quiet line below the title. */
  readonly detail?: ReactNode;
  readonly actions?: ReactNode;
  readonly badge?: ReactNode;
}

/** The head of every page; the title is also that of the window. */
export function PageHead({ title, trail = [], detail, actions, badge }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · Athanor`;
  }, [title]);
  return (
    <Box component="header" mb="lg">
      {trail.length > 0 && (
        <Text component="nav" aria-label="Path" fz="sm" c="dimmed" mb={6}>
          {trail.map(([label, to], index) => (
            <Fragment key={to}>
              {index > 0 && ' / '}
              <Link to={to} className="quietLink">
                {label}
              </Link>
            </Fragment>
          ))}
        </Text>
      )}
      <Group justify="space-between" align="flex-start" gap="md">
        <div style={{ minWidth: 0, flex: '1 1 320px' }}>
          <Group gap="sm" align="center">
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {badge}
          </Group>
          {detail !== undefined && (
            <Text component="div" c="dimmed" fz="sm" mt={4}>
              {detail}
            </Text>
          )}
        </div>
        {actions !== undefined && (
          <Group gap="xs" className="noPrint">
            {actions}
          </Group>
        )}
      </Group>
    </Box>
  );
}
