import { NumberInput, Table, TagsInput, Text, TextInput } from '@mantine/core';
import type { SpaceVariable } from '@athanor/schema';
import { useState } from 'react';
import { readNumber } from '../../design/readMeasured.ts';
import { formatNumber } from '../../numbers/formatNumber.ts';
import { ScrollTable } from '../scrollTable.tsx';

interface VariableTableProps {
  readonly variables: readonly SpaceVariable[];
  /** Places that cannot hold together, e.g. `variables/0`. */
  readonly troubled: ReadonlySet<string>;
  readonly onChange: (variables: SpaceVariable[]) => void;
}

const kindNames: Record<SpaceVariable['kind'], string> = {
  amount: 'amount',
  parameter: 'setting',
  discrete: 'some values',
  category: 'choice',
};

/** The inputs with bounds, steps, classes, values or levels, all editable in place. */
export function VariableTable({ variables, troubled, onChange }: VariableTableProps) {
  const set = (index: number, variable: SpaceVariable): void =>
    onChange(variables.toSpliced(index, 1, variable));
  return (
    <ScrollTable
      label="Inputs of the space"
      verticalSpacing={4}
      horizontalSpacing="xs"
      miw={680}
      className="variableTable"
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Input</Table.Th>
          <Table.Th>Kind</Table.Th>
          <Table.Th>From</Table.Th>
          <Table.Th>To</Table.Th>
          <Table.Th>In steps of</Table.Th>
          <Table.Th>Classes</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {variables.map((variable, index) => (
          <Table.Tr key={variable.key} className={troubled.has(`variables/${index}`) ? 'troubledRow' : ''}>
            <Table.Td fw={550} style={{ overflowWrap: 'anywhere', maxWidth: 220 }}>
              {variable.key}
            </Table.Td>
            <Table.Td>
              <Text fz="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                {kindNames[variable.kind]}
              </Text>
            </Table.Td>
            <Cells variable={variable} onChange={(next) => set(index, next)} />
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollTable>
  );
}

function Cells({ variable, onChange }: { variable: SpaceVariable; onChange: (next: SpaceVariable) => void }) {
  const { key } = variable;
  if (variable.kind === 'category') {
    return (
      <Table.Td colSpan={4}>
        <TagsInput
          size="xs"
          aria-label={`${key}: choices`}
          value={variable.levels}
          onChange={(levels) => {
            if (levels.length > 0) onChange({ ...variable, levels });
          }}
          maxDropdownHeight={0}
          styles={{ input: { maxHeight: 90, overflow: 'auto' } }}
        />
      </Table.Td>
    );
  }
  if (variable.kind === 'discrete') {
    return (
      <Table.Td colSpan={4}>
        <ValueList
          name={key}
          values={variable.values}
          onChange={(values) => onChange({ ...variable, values })}
        />
      </Table.Td>
    );
  }
  const { lower, upper, step } = variable;
  return (
    <>
      <Table.Td>
        <Bound
          label={`${key}: from`}
          value={lower}
          onChange={(value) => onChange({ ...variable, lower: value })}
        />
      </Table.Td>
      <Table.Td>
        <Bound
          label={`${key}: to`}
          value={upper}
          onChange={(value) => onChange({ ...variable, upper: value })}
        />
      </Table.Td>
      <Table.Td>
        <NumberInput
          size="xs"
          w={92}
          hideControls
          aria-label={`${key}: step`}
          placeholder="any"
          min={0}
          value={step ?? ''}
          onChange={(value) => {
            if (typeof value === 'number' && value > 0) onChange({ ...variable, step: value });
            else if (value === '' && variable.kind === 'parameter') {
              const { step: _, ...free } = variable;
              onChange(free);
            }
          }}
        />
      </Table.Td>
      <Table.Td miw={150}>
        {variable.kind === 'amount' && (
          <TagsInput
            size="xs"
            aria-label={`${key}: classes`}
            placeholder={variable.classes?.length ? undefined : 'e.g. filler'}
            value={variable.classes ?? []}
            onChange={(classes) => onChange({ ...variable, classes })}
          />
        )}
      </Table.Td>
    </>
  );
}

function Bound({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <NumberInput
      size="xs"
      w={92}
      hideControls
      aria-label={label}
      value={value}
      onChange={(next) => {
        if (typeof next === 'number') onChange(next);
      }}
    />
  );
}

/** Numbers of a list, typed with commas or spaces; taken when every one can be read. */
function ValueList(props: { name: string; values: readonly number[]; onChange: (values: number[]) => void }) {
  const { name, values, onChange } = props;
  const [text, setText] = useState(() =>
    values.map((value) => formatNumber(value, 8, { isExact: true })).join(' '),
  );
  const read = text
    .split(/[\s;]+/)
    .filter((part) => part !== '')
    .map(readNumber);
  const isGood = read.length > 0 && read.every((value) => value !== null);
  return (
    <TextInput
      size="xs"
      aria-label={`${name}: values`}
      value={text}
      error={isGood ? undefined : 'numbers with spaces between them'}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        const numbers = next
          .split(/[\s;]+/)
          .filter((part) => part !== '')
          .map(readNumber);
        if (numbers.length > 0 && numbers.every((value) => value !== null)) onChange(numbers);
      }}
    />
  );
}
