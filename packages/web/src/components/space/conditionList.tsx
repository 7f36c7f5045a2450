import { Button, Group, MultiSelect, NumberInput, Select, Stack, Text } from '@mantine/core';
import type { Condition, SpaceVariable } from '@athanor/schema';

interface ConditionListProps {
  readonly title: string;
  readonly conditions: readonly Condition[];
  readonly variables: readonly SpaceVariable[];
  readonly onChange: (conditions: Condition[]) => void;
}

type Operator = 'used' | 'unused' | 'lte' | 'gte' | 'eq' | 'between' | 'in-set' | 'lt' | 'gt';

const operatorNames: Record<Operator, string> = {
  used: 'is used',
  unused: 'is not used',
  lte: 'at most',
  gte: 'at least',
  lt: 'below',
  gt: 'above',
  eq: 'equals',
  between: 'between',
  'in-set': 'is one of',
};

/** Things that inputs may be, all of which hold at once. */
export function ConditionList({ title, conditions, variables, onChange }: ConditionListProps) {
  return (
    <Stack gap={6} component="section" aria-label={title}>
      <Text fz="xs" fw={600} c="dimmed">
        {title}
      </Text>
      {conditions.map((condition, index) => (
        <Group key={index} gap="sm" align="flex-end">
          <ConditionFields
            condition={condition}
            variables={variables}
            name={`${title} ${index + 1}`}
            onChange={(next) => onChange(conditions.toSpliced(index, 1, next))}
          />
          {conditions.length > 1 && (
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`Remove ${title} ${index + 1}`}
              onClick={() => onChange(conditions.toSpliced(index, 1))}
            >
              Remove
            </Button>
          )}
        </Group>
      ))}
      <div>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onChange([...conditions, startOf(variables[0]!)])}
        >
          And
        </Button>
      </div>
    </Stack>
  );
}

interface ConditionFieldsProps {
  readonly condition: Condition;
  readonly variables: readonly SpaceVariable[];
  readonly name: string;
  readonly onChange: (condition: Condition) => void;
}

function ConditionFields({ condition, variables, name, onChange }: ConditionFieldsProps) {
  const variable = variables.find(({ key }) => key === condition.key) ?? variables[0]!;
  const operator: Operator =
    'used' in condition ? (condition.used ? 'used' : 'unused') : condition.is.operator;
  const { key } = variable;
  const choose = (next: Operator): void => {
    if (next === 'used' || next === 'unused') onChange({ key, used: next === 'used' });
    else if (next === 'between')
      onChange({ key, is: { operator: next, value: { min: lowest(variable), max: highest(variable) } } });
    else if (next === 'in-set')
      onChange({ key, is: { operator: next, value: listOf(variable).slice(0, 1) } });
    else onChange({ key, is: { operator: next, value: highest(variable) } });
  };
  return (
    <>
      <Select
        aria-label={`${name}: input`}
        size="xs"
        w={200}
        allowDeselect={false}
        value={key}
        data={variables.map((one) => one.key)}
        onChange={(next) => onChange(startOf(variables.find((one) => one.key === next)!))}
      />
      <Select
        aria-label={`${name}: what`}
        size="xs"
        w={120}
        allowDeselect={false}
        value={operator}
        data={operatorsOf(variable).map((value) => ({ value, label: operatorNames[value] }))}
        onChange={(next) => choose(next as Operator)}
      />
      {'is' in condition && (
        <CriterionFields condition={condition} variable={variable} name={name} onChange={onChange} />
      )}
    </>
  );
}

interface CriterionFieldsProps {
  readonly condition: Extract<Condition, { is: unknown }>;
  readonly variable: SpaceVariable;
  readonly name: string;
  readonly onChange: (condition: Condition) => void;
}

function CriterionFields({ condition, variable, name, onChange }: CriterionFieldsProps) {
  const { key, is } = condition;
  if (is.operator === 'in-set') {
    const isText = variable.kind === 'category';
    return (
      <MultiSelect
        aria-label={`${name}: values`}
        size="xs"
        miw={200}
        maw={420}
        searchable
        value={is.value.map(String)}
        data={listOf(variable).map(String)}
        onChange={(values) => {
          if (values.length === 0) return;
          onChange({ key, is: { operator: 'in-set', value: isText ? values : values.map(Number) } });
        }}
      />
    );
  }
  if (is.operator === 'between') {
    const { min, max } = is.value;
    return (
      <>
        <Value
          name={`${name}: from`}
          value={min}
          onChange={(value) => onChange({ key, is: { ...is, value: { min: value, max } } })}
        />
        <Value
          name={`${name}: to`}
          value={max}
          onChange={(value) => onChange({ key, is: { ...is, value: { min, max: value } } })}
        />
      </>
    );
  }
  return (
    <Value
      name={`${name}: value`}
      value={is.value}
      onChange={(value) => onChange({ key, is: { ...is, value } })}
    />
  );
}

function Value({
  name,
  value,
  onChange,
}: {
  name: string;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <NumberInput
      aria-label={name}
      size="xs"
      w={100}
      hideControls
      value={value}
      onChange={(next) => {
        if (typeof next === 'number') onChange(next);
      }}
    />
  );
}

function operatorsOf(variable: SpaceVariable): readonly Operator[] {
  if (variable.kind === 'category') return ['in-set'];
  const numeric: readonly Operator[] = ['lte', 'gte', 'lt', 'gt', 'eq', 'between'];
  if (variable.kind === 'amount') return ['used', 'unused', ...numeric];
  return variable.kind === 'discrete' ? [...numeric, 'in-set'] : numeric;
}

function startOf(variable: SpaceVariable): Condition {
  const { key } = variable;
  if (variable.kind === 'amount') return { key, used: true };
  if (variable.kind === 'category')
    return { key, is: { operator: 'in-set', value: variable.levels.slice(0, 1) } };
  return { key, is: { operator: 'lte', value: highest(variable) } };
}

function listOf(variable: SpaceVariable): (number | string)[] {
  return variable.kind === 'category' ? variable.levels : variable.kind === 'discrete' ? variable.values : [];
}

function lowest(variable: SpaceVariable): number {
  if (variable.kind === 'category') return 0;
  return variable.kind === 'discrete' ? Math.min(...variable.values) : variable.lower;
}

function highest(variable: SpaceVariable): number {
  if (variable.kind === 'category') return 0;
  return variable.kind === 'discrete' ? Math.max(...variable.values) : variable.upper;
}
