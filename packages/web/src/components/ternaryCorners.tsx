import { Group, Select } from '@mantine/core';

type Corners = readonly [string, string, string];

interface TernaryCornersProps {
  /** All amounts. */
  readonly keys: readonly string[];
  readonly corners: Corners;
  readonly onChange: (corners: Corners) => void;
}

/** Which amount is at which corner of a triangle; one that is at another corner changes places. */
export function TernaryCorners({ keys, corners, onChange }: TernaryCornersProps) {
  const choose = (place: number, key: string): void => {
    const next = [...corners] as [string, string, string];
    const former = next.indexOf(key);
    if (former >= 0) next[former] = next[place]!;
    next[place] = key;
    onChange(next);
  };
  return (
    <Group gap="sm">
      {['Left', 'Right', 'Top'].map((label, place) => (
        <Select
          key={label}
          label={label}
          size="xs"
          value={corners[place]!}
          allowDeselect={false}
          data={[...keys]}
          onChange={(key) => choose(place, key!)}
        />
      ))}
    </Group>
  );
}
