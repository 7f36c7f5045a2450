import { Group, NumberInput, SimpleGrid, Stack } from '@mantine/core';
import type { BudgetConstraint, SpaceVariable } from '@athanor/schema';
import type { z } from 'zod';
import { LimitFields } from './limitFields.tsx';

type Budget = z.infer<typeof BudgetConstraint>;

interface PriceFieldsProps {
  readonly rule: Budget;
  readonly variables: readonly SpaceVariable[];
  readonly onChange: (rule: Budget) => void;
}

/** Levels of a choice that are few enough to be priced one by one. */
const mostLevels = 12;

/** Prices of amounts and of choices, and what a unit of the whole may cost. */
export function PriceFields({ rule, variables, onChange }: PriceFieldsProps) {
  const setLevel = (key: string, level: string, price: number): void => {
    const levelPrices = { ...rule.levelPrices, [key]: { ...rule.levelPrices?.[key], [level]: price } };
    onChange({ ...rule, levelPrices });
  };
  return (
    <Stack gap="sm" w="100%">
      <SimpleGrid cols={{ base: 2, sm: 3, md: 4 }} spacing="sm" verticalSpacing="xs">
        {variables.flatMap((variable) => {
          if (variable.kind === 'amount') {
            return [
              <Price
                key={variable.key}
                label={variable.key}
                value={rule.prices[variable.key] ?? 0}
                onChange={(price) => onChange({ ...rule, prices: { ...rule.prices, [variable.key]: price } })}
              />,
            ];
          }
          if (variable.kind !== 'category' || variable.levels.length > mostLevels) return [];
          return variable.levels.map((level) => (
            <Price
              key={`${variable.key}\n${level}`}
              label={`${variable.key}: ${level}`}
              value={rule.levelPrices?.[variable.key]?.[level] ?? 0}
              onChange={(price) => setLevel(variable.key, level, price)}
            />
          ));
        })}
      </SimpleGrid>
      <Group gap="sm" align="flex-end">
        <NumberInput
          label="Divided by"
          description="100 for parts per hundred"
          inputWrapperOrder={['label', 'input', 'description']}
          size="xs"
          w={170}
          hideControls
          value={rule.per ?? 100}
          onChange={(per) => {
            if (typeof per === 'number' && per > 0) onChange({ ...rule, per });
          }}
        />
        <LimitFields
          limits={rule}
          onChange={(limits) => {
            const { min: _, max: __, ...rest } = rule;
            onChange({ ...rest, ...limits });
          }}
        />
      </Group>
    </Stack>
  );
}

function Price({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (price: number) => void;
}) {
  return (
    <NumberInput
      label={`Price of ${label}`}
      size="xs"
      hideControls
      value={value}
      onChange={(next) => {
        if (typeof next === 'number') onChange(next);
      }}
    />
  );
}
