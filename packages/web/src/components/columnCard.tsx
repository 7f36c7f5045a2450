import { Button, Group, NumberInput, Popover, Select, Stack, Text, TextInput } from '@mantine/core';
import {
  type ColumnProfile,
  type DataType,
  dataTypes,
  type Variable,
  type VariableOverride,
  type VariableRole,
  variableRoles,
  type VariableType,
  variableTypes,
} from '@athanor/schema';
import { type FormEvent, useState } from 'react';
import { MiniHistogram } from '../charts/miniHistogram.tsx';
import { isDateUnit } from '../numbers/formatDate.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { formatValue } from '../numbers/formatValue.ts';
import { MoleculeDrawing } from './moleculeDrawing.tsx';

export const roleNames: Record<VariableRole, string> = {
  input: 'Input',
  target: 'Target',
  group: 'Group',
  identifier: 'Identifier',
  ignored: 'Left out',
};
export const typeNames: Record<VariableType, string> = {
  material_amount: 'amount',
  parameter: 'setting',
  molecule: 'molecule',
  property: 'property',
};
const dataTypeNames: Record<DataType, string> = {
  numeric: 'numbers',
  categorical: 'categories',
  molecular: 'structures (SMILES)',
  boolean: 'yes or no',
};

interface ColumnCardProps {
  readonly variable: Variable;
  readonly profile: ColumnProfile | undefined;
  readonly rowCount: number;
  readonly isSaving: boolean;
  readonly onSave: (override: VariableOverride) => void;
}

/** One column: what it was taken for, what is in it, and the place to say otherwise. */
export function ColumnCard({ variable, profile, rowCount, isSaving, onSave }: ColumnCardProps) {
  const { key, name, unit, role, range, distinctCount, missingCount, overridden } = variable;
  const isTarget = role === 'target';
  const facts: [string, string][] = [];
  const isDate = isDateUnit(unit);
  if (range !== null)
    facts.push(['range', `${formatValue(range.min, unit, 5)} to ${formatValue(range.max, unit, 5)}`]);
  if (!isDate && profile?.mean !== null && profile?.mean !== undefined) {
    facts.push(['mean ± sd', `${formatNumber(profile.mean)} ± ${formatNumber(profile.standardDeviation)}`]);
  }
  if (range === null) facts.push(['different values', String(distinctCount)]);
  facts.push(['gaps', missingCount === 0 ? 'none' : `${missingCount} of ${rowCount}`]);
  return (
    <article className="surface columnCard" aria-label={key} id={`column ${key}`}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} fz="md" style={{ overflowWrap: 'anywhere' }} component="h3" m={0} lh={1.3}>
            {name}
          </Text>
          <Text fz="xs" c="dimmed">
            {(isDate ? ['date'] : [unit, typeNames[variable.type], dataTypeNames[variable.dataType]])
              .filter(Boolean)
              .join(' · ')}
            {overridden.length > 0 && ' · set by you'}
          </Text>
        </div>
        <RoleMenu variable={variable} isSaving={isSaving} onSave={onSave} />
      </Group>
      {profile !== undefined && profile.histogram.length > 0 ? (
        <MiniHistogram
          bins={profile.histogram}
          color={isTarget ? 'var(--page-measured)' : 'var(--page-model)'}
          label={`Distribution of ${name}`}
        />
      ) : (
        <FrequentValues
          profile={profile}
          rowCount={rowCount}
          isMolecular={variable.dataType === 'molecular'}
        />
      )}
      <dl className="factList">
        {facts.map(([fact, value]) => (
          <FactRow key={fact} fact={fact} value={value} />
        ))}
      </dl>
    </article>
  );
}

function FactRow({ fact, value }: { fact: string; value: string }) {
  return (
    <>
      <dt>{fact}</dt>
      <dd>{value}</dd>
    </>
  );
}

interface FrequentValuesProps {
  readonly profile: ColumnProfile | undefined;
  readonly rowCount: number;
  readonly isMolecular: boolean;
}

function FrequentValues({ profile, rowCount, isMolecular }: FrequentValuesProps) {
  const frequent = profile?.frequent.slice(0, 3) ?? [];
  if (frequent.length === 0) return null;
  if (isMolecular) {
    return (
      <Group gap={6} wrap="nowrap" justify="space-between">
        {frequent.map(({ value }) => (
          <MoleculeDrawing key={value} smiles={value} width={76} height={60} />
        ))}
      </Group>
    );
  }
  return (
    <Stack gap={3} mih={46} justify="center">
      {frequent.map(({ value, count }) => (
        <Group key={value} gap={8} wrap="nowrap">
          <Text fz="xs" truncate style={{ flex: 1, minWidth: 0 }} title={value}>
            {value}
          </Text>
          <span
            aria-hidden="true"
            style={{
              width: `${Math.max(2, (count / rowCount) * 90)}px`,
              height: 6,
              borderRadius: 3,
              background: 'var(--page-model-soft)',
            }}
          />
          <Text fz="xs" c="dimmed" className="numeric" w={34} ta="right">
            {count}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

function RoleMenu({ variable, isSaving, onSave }: Pick<ColumnCardProps, 'variable' | 'isSaving' | 'onSave'>) {
  const [isOpen, setOpen] = useState(false);
  const { key, role } = variable;
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={290} withArrow trapFocus>
      <Popover.Target>
        <Button
          size="compact-xs"
          variant={role === 'target' ? 'filled' : 'light'}
          color={role === 'target' ? 'ember' : role === 'input' ? 'kiln' : 'gray'}
          onClick={() => setOpen(!isOpen)}
          aria-label={`${key}: ${roleNames[role]}. Change`}
          loading={isSaving}
          style={{ flexShrink: 0 }}
          styles={{ label: role === 'target' ? {} : { color: 'var(--mantine-color-text)' } }}
        >
          {roleNames[role]}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {isOpen && (
          <VariableForm
            variable={variable}
            onSave={(override) => {
              onSave(override);
              setOpen(false);
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function VariableForm({
  variable,
  onSave,
}: {
  variable: Variable;
  onSave: (override: VariableOverride) => void;
}) {
  const [role, setRole] = useState<string>(variable.role);
  const [type, setType] = useState<string>(variable.type);
  const [dataType, setDataType] = useState<string>(variable.dataType);
  const [unit, setUnit] = useState(variable.unit ?? '');
  const [lower, setLower] = useState<number | string>(variable.bounds?.lower ?? '');
  const [upper, setUpper] = useState<number | string>(variable.bounds?.upper ?? '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const hasBounds = typeof lower === 'number' && typeof upper === 'number';
    onSave({
      key: variable.key,
      ...(role === variable.role ? {} : { role: role as VariableRole }),
      ...(type === variable.type ? {} : { type: type as VariableType }),
      ...(dataType === variable.dataType ? {} : { dataType: dataType as DataType }),
      ...(unit === (variable.unit ?? '') ? {} : { unit }),
      ...(hasBounds ? { bounds: { lower, upper } } : variable.bounds === null ? {} : { bounds: null }),
    });
  };
  const takeBack = (): void => {
    onSave({ key: variable.key, role: null, type: null, dataType: null, unit: null, bounds: null });
  };
  const comboboxProps = { withinPortal: false };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Select
          label="Role"
          size="xs"
          value={role}
          allowDeselect={false}
          comboboxProps={comboboxProps}
          onChange={(value) => setRole(value!)}
          data={variableRoles.map((value) => ({ value, label: roleNames[value] }))}
        />
        <Select
          label="What it is"
          size="xs"
          value={type}
          allowDeselect={false}
          comboboxProps={comboboxProps}
          onChange={(value) => setType(value!)}
          data={variableTypes.map((value) => ({ value, label: typeNames[value] }))}
        />
        <Select
          label="Its cells are"
          size="xs"
          value={dataType}
          allowDeselect={false}
          comboboxProps={comboboxProps}
          onChange={(value) => setDataType(value!)}
          data={dataTypes.map((value) => ({ value, label: dataTypeNames[value] }))}
        />
        <TextInput
          label="Unit"
          size="xs"
          value={unit}
          onChange={(event) => setUnit(event.currentTarget.value)}
          maxLength={50}
        />
        {variable.dataType === 'numeric' && (
          <Group gap="xs" grow>
            <NumberInput
              label="May go from"
              size="xs"
              value={lower}
              onChange={setLower}
              placeholder={String(variable.range?.min ?? '')}
              hideControls
            />
            <NumberInput
              label="to"
              size="xs"
              value={upper}
              onChange={setUpper}
              placeholder={String(variable.range?.max ?? '')}
              hideControls
            />
          </Group>
        )}
        <Group justify="space-between" mt={4}>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={takeBack}
            disabled={variable.overridden.length === 0}
          >
            As read
          </Button>
          <Button size="compact-sm" type="submit">
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
