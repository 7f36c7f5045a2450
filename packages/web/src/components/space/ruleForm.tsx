import { Button, Group, MultiSelect, NumberInput, Select, Stack, Text } from '@mantine/core';
import type { Constraint, InputRow, SpaceVariable } from '@athanor/schema';
import type { ReactNode } from 'react';
import { ConditionList } from './conditionList.tsx';
import { LimitFields } from './limitFields.tsx';
import { PriceFields } from './priceFields.tsx';

interface RuleFormProps {
  readonly rule: Constraint;
  readonly variables: readonly SpaceVariable[];
  /** Inputs of the rows made so far. */
  readonly made: readonly InputRow[];
  readonly onChange: (rule: Constraint) => void;
}

/** The fields of one rule, whatever its kind. */
export function RuleForm({ rule, variables, made, onChange }: RuleFormProps) {
  return (
    <Stack gap="sm" py="sm">
      {fieldsOf({ rule, variables, made, onChange })}
    </Stack>
  );
}

function fieldsOf({ rule, variables, made, onChange }: RuleFormProps): ReactNode {
  const amounts = variables.flatMap((variable) => (variable.kind === 'amount' ? [variable] : []));
  const amountKeys = amounts.map(({ key }) => key);
  const numberKeys = variables.filter(({ kind }) => kind !== 'category').map(({ key }) => key);
  const classes = [...new Set(amounts.flatMap((variable) => variable.classes ?? []))];
  switch (rule.kind) {
    case 'total':
      return (
        <Group align="flex-end" gap="sm">
          <Amounts
            label="Which amounts"
            keys={rule.keys ?? []}
            options={amountKeys}
            onChange={(keys) => onChange(withKeys(rule, keys))}
          />
          <Figure label="Add up to" value={rule.value} onChange={(value) => onChange({ ...rule, value })} />
        </Group>
      );
    case 'classTotal':
      return (
        <Group align="flex-end" gap="sm">
          <Select
            label="Class"
            size="xs"
            w={180}
            allowDeselect={false}
            value={rule.class}
            data={[...new Set([...classes, rule.class])]}
            onChange={(name) => onChange({ ...rule, class: name! })}
          />
          <LimitFields
            limits={rule}
            onChange={(limits) => onChange({ ...without(rule, 'min', 'max'), ...limits })}
          />
        </Group>
      );
    case 'ratio':
      return (
        <Group align="flex-end" gap="sm">
          <Amounts
            label="Sum of"
            keys={rule.numerator}
            options={amountKeys}
            isNeeded
            onChange={(numerator) => onChange({ ...rule, numerator })}
          />
          <Amounts
            label="to the sum of"
            keys={rule.denominator}
            options={amountKeys}
            isNeeded
            onChange={(denominator) => onChange({ ...rule, denominator })}
          />
          <LimitFields
            limits={rule}
            onChange={(limits) => onChange({ ...without(rule, 'min', 'max'), ...limits })}
          />
        </Group>
      );
    case 'linear':
      return (
        <>
          {rule.terms.map((term, index) => (
            <Group key={index} gap="sm" align="flex-end">
              <Figure
                label={index === 0 ? 'Times' : undefined}
                name={`Coefficient ${index + 1}`}
                value={term.coefficient}
                onChange={(coefficient) =>
                  onChange({ ...rule, terms: rule.terms.with(index, { ...term, coefficient }) })
                }
              />
              <Select
                aria-label={`Input ${index + 1}`}
                size="xs"
                w={220}
                allowDeselect={false}
                value={term.key}
                data={numberKeys}
                onChange={(key) =>
                  onChange({ ...rule, terms: rule.terms.with(index, { ...term, key: key! }) })
                }
              />
              {rule.terms.length > 1 && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={`Remove input ${index + 1}`}
                  onClick={() => onChange({ ...rule, terms: rule.terms.toSpliced(index, 1) })}
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
              onChange={(operator) => onChange({ ...rule, operator: operator as typeof rule.operator })}
            />
            <Figure label="Value" value={rule.value} onChange={(value) => onChange({ ...rule, value })} />
            {rule.operator === 'eq' && (
              <Figure
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
              onClick={() =>
                onChange({ ...rule, terms: [...rule.terms, { key: numberKeys[0]!, coefficient: 1 }] })
              }
            >
              Another input
            </Button>
          </Group>
        </>
      );
    case 'count':
      return (
        <Group align="flex-end" gap="sm">
          {classes.length > 0 && (
            <Select
              label="Of class"
              size="xs"
              w={160}
              clearable
              placeholder="any"
              value={rule.class ?? null}
              data={classes}
              onChange={(name) =>
                onChange(name === null ? without(rule, 'class') : { ...without(rule, 'keys'), class: name })
              }
            />
          )}
          {rule.class === undefined && (
            <Amounts
              label="Among"
              keys={rule.keys ?? []}
              options={amountKeys}
              onChange={(keys) => onChange(withKeys(rule, keys))}
            />
          )}
          <LimitFields
            limits={rule}
            isWhole
            onChange={(limits) => onChange({ ...without(rule, 'min', 'max'), ...limits })}
          />
        </Group>
      );
    case 'minimumIfUsed':
      return (
        <Group align="flex-end" gap="sm">
          <Amounts
            label="Which amounts"
            keys={rule.keys ?? []}
            options={amountKeys}
            onChange={(keys) => onChange(withKeys(rule, keys))}
          />
          <Figure
            label="Left out, or at least"
            value={rule.value}
            onChange={(value) => {
              if (value > 0) onChange({ ...rule, value });
            }}
          />
        </Group>
      );
    case 'ifThen':
      return (
        <>
          <ConditionList
            title="If"
            conditions={rule.when}
            variables={variables}
            onChange={(when) => onChange({ ...rule, when })}
          />
          <ConditionList
            title="then"
            conditions={rule.must}
            variables={variables}
            onChange={(must) => onChange({ ...rule, must })}
          />
        </>
      );
    case 'forbidden':
      return (
        <ConditionList
          title="Never all of"
          conditions={rule.conditions}
          variables={variables}
          onChange={(conditions) => onChange({ ...rule, conditions })}
        />
      );
    case 'fixed': {
      const variable = variables.find(({ key }) => key === rule.key);
      return (
        <Group align="flex-end" gap="sm">
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
            <Figure
              label="is"
              value={Number(rule.value)}
              onChange={(value) => onChange({ ...rule, value })}
            />
          )}
        </Group>
      );
    }
    case 'budget':
      return <PriceFields rule={rule} variables={variables} onChange={onChange} />;
    case 'exclude':
      return (
        <Group gap="sm">
          <Text fz="sm">{rule.rows.length} experiments are not proposed again.</Text>
          <Button size="compact-sm" variant="default" onClick={() => onChange({ ...rule, rows: [...made] })}>
            All {made.length} rows of the table
          </Button>
        </Group>
      );
  }
}

interface AmountsProps {
  readonly label: string;
  readonly keys: readonly string[];
  readonly options: readonly string[];
  /** Whether at least one must be named; none means all otherwise. */
  readonly isNeeded?: boolean;
  readonly onChange: (keys: string[]) => void;
}

function Amounts({ label, keys, options, isNeeded = false, onChange }: AmountsProps) {
  return (
    <MultiSelect
      label={label}
      size="xs"
      miw={200}
      maw={420}
      value={[...keys]}
      data={[...options]}
      placeholder={keys.length === 0 ? 'all' : undefined}
      onChange={(next) => {
        if (next.length > 0 || !isNeeded) onChange(next);
      }}
    />
  );
}

interface FigureProps {
  readonly label?: string | undefined;
  readonly name?: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Figure({ label, name, value, onChange }: FigureProps) {
  return (
    <NumberInput
      label={label}
      aria-label={name}
      size="xs"
      w={120}
      hideControls
      value={value}
      onChange={(next) => {
        if (typeof next === 'number') onChange(next);
      }}
    />
  );
}

function firstValue(variables: readonly SpaceVariable[], key: string): number | string {
  const variable = variables.find((one) => one.key === key)!;
  if (variable.kind === 'category') return variable.levels[0]!;
  return variable.kind === 'discrete' ? variable.values[0]! : variable.lower;
}

/** Named keys, or no mention of them when none is chosen: then all are meant. */
function withKeys<Rule extends { keys?: string[] | undefined }>(rule: Rule, keys: string[]): Rule {
  return keys.length === 0 ? without(rule, 'keys') : { ...rule, keys };
}

function without<Rule extends object>(rule: Rule, ...names: (keyof Rule)[]): Rule {
  return Object.fromEntries(
    Object.entries(rule).filter(([name]) => !names.includes(name as keyof Rule)),
  ) as Rule;
}
