import { Button, Group, Stack, Text } from '@mantine/core';
import { type ProblemItem, ProblemError } from '@athanor/schema';
import { isLost } from '../connection.ts';
import { Icon } from './icon.tsx';

/** What went wrong, where, and what to do, in the words of the server. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const items = error instanceof ProblemError ? error.items : [];
  return (
    <Group
      role="alert"
      wrap="nowrap"
      align="flex-start"
      gap="sm"
      p="md"
      className="surface"
      style={{ borderColor: 'var(--mantine-color-error)', borderLeftWidth: 4 }}
    >
      <span style={{ color: 'var(--mantine-color-error)', marginTop: 1 }}>
        <Icon name="warning" />
      </span>
      <Stack gap="xs" style={{ minWidth: 0 }}>
        {items.length > 0 ? (
          items.map((item, index) => <Complaint key={index} item={item} />)
        ) : (
          <Text fz="sm" fw={600}>
            {isLost(error)
              ? 'The server does not answer at the moment.'
              : 'Something unexpected went wrong in the page.'}
          </Text>
        )}
        {items.length === 0 && !isLost(error) && (
          <Text fz="sm" c="dimmed">
            {error instanceof Error ? error.message : String(error)}
          </Text>
        )}
        {onRetry !== undefined && (
          <div>
            <Button size="compact-sm" variant="default" onClick={onRetry}>
              Try again
            </Button>
          </div>
        )}
      </Stack>
    </Group>
  );
}

function Complaint({ item }: { item: ProblemItem }) {
  const { sheet, row, column, value } = item.location;
  const place = [
    sheet === undefined ? null : `sheet ${sheet}`,
    row === undefined ? null : `row ${row}`,
    column === undefined ? null : `column ${column}`,
    value === undefined ? null : `“${value}”`,
  ].filter((part) => part !== null);
  return (
    <div>
      <Text fz="sm" fw={600}>
        {item.message}
      </Text>
      {place.length > 0 && (
        <Text fz="sm" c="dimmed">
          At {place.join(', ')}
        </Text>
      )}
      <Text fz="sm">{item.fix}</Text>
    </div>
  );
}
