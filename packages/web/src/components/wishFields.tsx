import { Group, NumberInput, Select, Text } from '@mantine/core';
import { goalNames, type Goal, type Operator, type Wish } from '../design/wish.ts';
import { formatNumber } from '../numbers/formatNumber.ts';

interface WishFieldsProps {
  readonly target: string;
  readonly wish: Wish;
  /** The values measured so far. */
  readonly measured: { readonly min: number; readonly max: number } | null;
  readonly onChange: (change: Partial<Wish>) => void;
}

/** What is wanted of one target. */
export function WishFields({ target, wish, measured, onChange }: WishFieldsProps) {
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
      {measured !== null && (
        <Text fz="sm" c="dimmed" className="numeric" pb={7}>
          measured so far: {formatNumber(measured.min, 3, { isExact: true })} to{' '}
          {formatNumber(measured.max, 3, { isExact: true })}
        </Text>
      )}
    </Group>
  );
}
