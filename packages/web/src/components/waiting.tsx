import { Skeleton, Stack } from '@mantine/core';

/** The shape of what is coming, for readers of screens in words. */
export function Waiting({ rows = 4, height = 44 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="sm" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={height} radius="md" />
      ))}
    </Stack>
  );
}
