import { Group, Text } from '@mantine/core';

/** What a mark of a picture stands for; `className` gives the mark its form and colour. */
export function PictureKey({ className, text }: { readonly className: string; readonly text: string }) {
  return (
    <Group gap={8} wrap="nowrap">
      <span className={className} />
      <Text fz="sm">{text}</Text>
    </Group>
  );
}
