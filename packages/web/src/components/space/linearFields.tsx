import { Button, Group, Select, Stack } from '@mantine/core';
import type { Constraint } from '@athanor/schema';
import { FigureField } from './figureField.tsx';

type Linear = Extract<Constraint, { kind: 'linear' }>;

interface LinearFieldsProps {
  readonly rule: Linear;
  /** Inputs that are numbers. */
  readonly keys: readonly string[];
  readonly onChange: (rule: Linear) => void;
}

/** A weighted sum: a line a term, then what it may be. */
export function LinearFields({ rule, keys, onChange }: LinearFieldsProps) {
  const { terms } = rule;
  return (
    <Stack gap="sm" w="100%">
      {terms.map((term, index) => (
        <Group key={index} gap="sm" align="flex-end">
          <FigureField
            label={index === 0 ? 'Times' : undefined}
            name={`Coefficient ${index + 1}`}
            value={term.coefficient}
            onChange={(coefficient) =>
              onChange({ ...rule, terms: terms.with(index, { ...term, coefficient }) })
            }
          />
          <Select
            aria-label={`Input ${index + 1}`}
            size="xs"
            w={220}
            allowDeselect={false}
            value={term.key}
            data={[...keys]}
            onChange={(key) => onChange({ ...rule, terms: terms.with(index, { ...term, key: key! }) })}
          />
          {terms.length > 1 && (
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`Remove input ${index + 1}`}
              onClick={() => onChange({ ...rule, terms: terms.toSpliced(index, 1) })}
            >
              Remove
            </Button>
          )}
        </Group>
      ))}
      <Group gap="sm" align="flex-end">
        <Select
          label="Together"
          size="xs"
          w={120}
          allowDeselect={false}
          value={rule.operator}
          data={[
            { value: 'lte', label: 'at most' },
            { value: 'gte', label: 'at least' },
            { value: 'eq', label: 'exactly' },
          ]}
          onChange={(operator) => onChange({ ...rule, operator: operator as Linear['operator'] })}
        />
        <FigureField label="Value" value={rule.value} onChange={(value) => onChange({ ...rule, value })} />
        {rule.operator === 'eq' && (
          <FigureField
            label="Give or take"
            value={rule.tolerance ?? 0}
            onChange={(tolerance) => {
              if (tolerance >= 0) onChange({ ...rule, tolerance });
            }}
          />
        )}
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onChange({ ...rule, terms: [...terms, { key: keys[0]!, coefficient: 1 }] })}
        >
          Another input
        </Button>
      </Group>
    </Stack>
  );
}
