import { Group, NumberInput, Select } from '@mantine/core';
import { goalNames, type Goal, type Operator, type Wish } from '../design/wish.ts';

interface WishFieldsProps {
  readonly target: string;
  readonly wish: Wish;
  readonly onChange: (change: Partial<Wish>) => void;
}

/** What is wanted of one target. */
export function WishFields({ target, wish, onChange }: WishFieldsProps) {
  const numberOf = (value: number | string): number | '' => (typeof value === 'number' ? value : '');
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label={target}
        value={wish.goal}
        allowDeselect={false}
        onChange={(value) => onChange({ goal: value as Goal })}
        data={(['maximize', 'minimize', 'match', 'meet', 'none'] as const).map((value) => ({
          value,
          label: goalNames[value],
        }))}
        w={240}
      />
      {wish.goal === 'match' && (
        <NumberInput
          label="Value"
          value={wish.value}
          onChange={(value) => onChange({ value: numberOf(value) })}
          w={120}
          hideControls
        />
      )}
      {wish.goal !== 'none' && (
        <Select
          label="Limits"
          value={wish.operator}
          allowDeselect={false}
          onChange={(value) => onChange({ operator: value as Operator })}
          data={[
            { value: 'none', label: 'none' },
            { value: 'gte', label: 'at least' },
            { value: 'lte', label: 'at most' },
            { value: 'between', label: 'between' },
          ]}
          w={130}
        />
      )}
      {wish.goal !== 'none' && (wish.operator === 'gte' || wish.operator === 'between') && (
        <NumberInput
          aria-label={`${target}: least`}
          placeholder="least"
          value={wish.low}
          onChange={(value) => onChange({ low: numberOf(value) })}
          w={100}
          hideControls
        />
      )}
      {wish.goal !== 'none' && (wish.operator === 'lte' || wish.operator === 'between') && (
        <NumberInput
          aria-label={`${target}: most`}
          placeholder="most"
          value={wish.high}
          onChange={(value) => onChange({ high: numberOf(value) })}
          w={100}
          hideControls
        />
      )}
    </Group>
  );
}
