import { Button, Group, MultiSelect, Select, Text } from '@mantine/core';
import type { Condition, Constraint, ConstraintKind, InputRow, SpaceVariable } from '@athanor/schema';
import type { ComponentType } from 'react';
import { ConditionList } from './conditionList.tsx';
import { FigureField } from './figureField.tsx';
import { FixedFields } from './fixedFields.tsx';
import { LimitFields } from './limitFields.tsx';
import { LinearFields } from './linearFields.tsx';
import { PriceFields } from './priceFields.tsx';

/** What a rule can speak of. */
interface RuleGround {
  readonly variables: readonly SpaceVariable[];
  /** Inputs of the rows made so far. */
  readonly made: readonly InputRow[];
}

interface RuleFieldProps<Rule> extends RuleGround {
  readonly rule: Rule;
  readonly onChange: (rule: Rule) => void;
}

type RuleField<Rule> = ComponentType<RuleFieldProps<Rule>>;

/** The fields of each kind of rule, in the order in which they are read. */
const forms: {
  readonly [Kind in ConstraintKind]: readonly RuleField<Extract<Constraint, { kind: Kind }>>[];
} = {
  total: [someAmounts('Which amounts'), figure('Add up to')],
  classTotal: [className('Class', false), limits()],
  ratio: [amounts('Sum of', 'numerator'), amounts('to the sum of', 'denominator'), limits()],
  linear: [
    ({ rule, variables, onChange }) => (
      <LinearFields
        rule={rule}
        keys={variables.filter(({ kind }) => kind !== 'category').map(({ key }) => key)}
        onChange={onChange}
      />
    ),
  ],
  count: [
    className('Of class', true),
    someAmounts('Among', (rule) => rule.class === undefined),
    limits(true),
  ],
  minimumIfUsed: [someAmounts('Which amounts'), figure('Left out, or at least', (value) => value > 0)],
  ifThen: [conditions('If', 'when'), conditions('then', 'must')],
  forbidden: [conditions('Never all of', 'conditions')],
  fixed: [
    ({ rule, variables, onChange }) => <FixedFields rule={rule} variables={variables} onChange={onChange} />,
  ],
  budget: [
    ({ rule, variables, onChange }) => <PriceFields rule={rule} variables={variables} onChange={onChange} />,
  ],
  exclude: [
    ({ rule, made, onChange }) => (
      <>
        <Text fz="sm">{rule.rows.length} experiments are not proposed again.</Text>
        <Button size="compact-sm" variant="default" onClick={() => onChange({ ...rule, rows: [...made] })}>
          All {made.length} rows of the table
        </Button>
      </>
    ),
  ],
};

/** The fields of one rule, whatever its kind. */
export function RuleForm({ rule, variables, made, onChange }: RuleFieldProps<Constraint>) {
  // The compiler cannot see that the kind of the rule chose fields that fit it.
  const fields = forms[rule.kind] as readonly RuleField<Constraint>[];
  return (
    <Group gap="sm" align="flex-end" py="sm">
      {fields.map((Field, index) => (
        <Field key={index} rule={rule} variables={variables} made={made} onChange={onChange} />
      ))}
    </Group>
  );
}

/** At least and at most. */
function limits<Rule extends { min?: number | undefined; max?: number | undefined }>(
  isWhole = false,
): RuleField<Rule> {
  return ({ rule, onChange }) => (
    <LimitFields
      limits={rule}
      isWhole={isWhole}
      onChange={(next) => onChange({ ...without(rule, 'min', 'max'), ...next })}
    />
  );
}

/** The value of a rule, as far as it makes sense. */
function figure<Rule extends { value: number }>(
  label: string,
  isSense: (value: number) => boolean = () => true,
): RuleField<Rule> {
  return ({ rule, onChange }) => (
    <FigureField
      label={label}
      value={rule.value}
      onChange={(value) => {
        if (isSense(value)) onChange({ ...rule, value });
      }}
    />
  );
}

/** Amounts of which at least one is named. */
function amounts<Name extends string, Rule extends Record<Name, string[]>>(
  label: string,
  name: Name,
): RuleField<Rule> {
  return ({ rule, variables, onChange }) => (
    <Amounts
      label={label}
      keys={rule[name]}
      variables={variables}
      onChange={(keys) => {
        if (keys.length > 0) onChange({ ...rule, [name]: keys });
      }}
    />
  );
}

/** Amounts that a rule may name; when it names none, all are meant. */
function someAmounts<Rule extends { keys?: string[] | undefined }>(
  label: string,
  isAsked: (rule: Rule) => boolean = () => true,
): RuleField<Rule> {
  return ({ rule, variables, onChange }) =>
    isAsked(rule) && (
      <Amounts
        label={label}
        keys={rule.keys ?? []}
        variables={variables}
        onChange={(keys) => onChange(keys.length === 0 ? without(rule, 'keys') : { ...rule, keys })}
      />
    );
}

/** A class of ingredients; where it is optional it takes the place of naming amounts. */
function className<Rule extends { class?: string | undefined }>(
  label: string,
  isOptional: boolean,
): RuleField<Rule> {
  return ({ rule, variables, onChange }) => {
    const known = variables.flatMap((variable) =>
      variable.kind === 'amount' ? (variable.classes ?? []) : [],
    );
    const names = [...new Set([...known, ...(rule.class === undefined ? [] : [rule.class])])];
    if (isOptional && names.length === 0) return null;
    return (
      <Select
        label={label}
        size="xs"
        w={180}
        allowDeselect={isOptional}
        clearable={isOptional}
        placeholder="any"
        value={rule.class ?? null}
        data={names}
        onChange={(name) => {
          if (name === null) onChange(without(rule, 'class'));
          else onChange({ ...without(rule, 'keys' as keyof Rule), class: name });
        }}
      />
    );
  };
}

function conditions<Name extends string, Rule extends Record<Name, Condition[]>>(
  title: string,
  name: Name,
): RuleField<Rule> {
  return ({ rule, variables, onChange }) => (
    <div style={{ flexBasis: '100%' }}>
      <ConditionList
        title={title}
        conditions={rule[name]}
        variables={variables}
        onChange={(next) => onChange({ ...rule, [name]: next })}
      />
    </div>
  );
}

interface AmountsProps {
  readonly label: string;
  readonly keys: readonly string[];
  readonly variables: readonly SpaceVariable[];
  readonly onChange: (keys: string[]) => void;
}

function Amounts({ label, keys, variables, onChange }: AmountsProps) {
  return (
    <MultiSelect
      label={label}
      size="xs"
      miw={200}
      maw={420}
      value={[...keys]}
      data={variables.filter(({ kind }) => kind === 'amount').map(({ key }) => key)}
      placeholder={keys.length === 0 ? 'all' : undefined}
      onChange={onChange}
    />
  );
}

function without<Rule extends object>(rule: Rule, ...names: (keyof Rule)[]): Rule {
  return Object.fromEntries(
    Object.entries(rule).filter(([name]) => !names.includes(name as keyof Rule)),
  ) as Rule;
}
