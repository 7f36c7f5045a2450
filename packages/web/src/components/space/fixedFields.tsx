import { Select } from '@mantine/core';
import type { Constraint, SpaceVariable } from '@athanor/schema';
import { FigureField } from './figureField.tsx';

type Fixed = Extract<Constraint, { kind: 'fixed' }>;

interface FixedFieldsProps {
  readonly rule: Fixed;
  readonly variables: readonly SpaceVariable[];
  readonly onChange: (rule: Fixed) => void;
}

/** An input and the one value that it has. */
export function FixedFields({ rule, variables, onChange }: FixedFieldsProps) {
  const variable = variables.find(({ key }) => key === rule.key);
  return (
    <>
      <Select
        label="Input"
        size="xs"
        w={220}
        allowDeselect={false}
        value={rule.key}
        data={variables.map(({ key }) => key)}
        onChange={(key) => onChange({ ...rule, key: key!, value: firstValue(variables, key!) })}
      />
      {variable?.kind === 'category' ? (
        <Select
          label="is"
          size="xs"
          w={220}
          searchable
          allowDeselect={false}
          value={String(rule.value)}
          data={variable.levels}
          onChange={(value) => onChange({ ...rule, value: value! })}
        />
      ) : (
        <FigureField
          label="is"
          value={Number(rule.value)}
          onChange={(value) => onChange({ ...rule, value })}
        />
      )}
    </>
  );
}

function firstValue(variables: readonly SpaceVariable[], key: string): number | string {
  const variable = variables.find((one) => one.key === key)!;
  if (variable.kind === 'category') return variable.levels[0]!;
  return variable.kind === 'discrete' ? variable.values[0]! : variable.lower;
}
