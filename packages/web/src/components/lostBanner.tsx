import { Group, Loader, Text } from '@mantine/core';

/** The server is away; the page looks for it every second and goes on by itself. */
export function LostBanner() {
  return (
    <Group
      className="surface noPrint"
      role="status"
      gap="sm"
      px="md"
      py="sm"
      mb="lg"
      style={{ borderColor: 'var(--page-measured)' }}
    >
      <Loader size="xs" color="ember.6" />
      <div>
        <Text fw={600} fz="sm">
          The server does not answer
        </Text>
        <Text fz="sm" c="dimmed">
          Looking for it again every second. Nothing is lost: builds go on where they were.
        </Text>
      </div>
    </Group>
  );
}
