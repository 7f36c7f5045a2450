import { ActionIcon, Autocomplete, Group, NumberInput, Select, Slider, Text, Tooltip } from '@mantine/core';
import type { CellValue } from '@athanor/schema';
import type { ExploreInput } from '../explore/exploreSpace.ts';
import { Icon } from './icon.tsx';
import { MoleculeDrawing } from './moleculeDrawing.tsx';

interface InputControlProps {
  readonly input: ExploreInput;
  readonly value: CellValue | undefined;
  /** Whether it is one of the amounts that add up, and can be held. */
  readonly isPart: boolean;
  readonly isHeld: boolean;
  /** Whether the models could read it as it stands; a structure that is half typed is not drawn. */
  readonly isReadable: boolean;
  readonly onHold: () => void;
  readonly onChange: (value: CellValue) => void;
}

/** Sets one input: a slider over its range with the number beside it, or the choice of a category. */
export function InputControl({
  input,
  value,
  isPart,
  isHeld,
  isReadable,
  onHold,
  onChange,
}: InputControlProps) {
  const { variable, range, levels } = input;
  const { key, name, unit } = variable;
  if (variable.dataType === 'molecular') {
    const smiles = value === null || value === undefined ? '' : String(value);
    return (
      <div>
        <Autocomplete
          label={name}
          description="SMILES of any structure; those of the table are proposed"
          size="sm"
          value={smiles}
          onChange={onChange}
          data={[...new Set(levels)]}
          limit={30}
        />
        {isReadable && <MoleculeDrawing smiles={smiles} width={260} height={150} />}
      </div>
    );
  }
  if (range === null) {
    const isYesNo = variable.dataType === 'boolean';
    return (
      <Select
        label={name}
        size="sm"
        searchable={levels.length > 8}
        allowDeselect={false}
        value={value === null || value === undefined ? null : String(value)}
        onChange={(choice) => onChange(isYesNo ? choice === 'true' : choice)}
        data={
          isYesNo
            ? [
                { value: 'true', label: 'yes' },
                { value: 'false', label: 'no' },
              ]
            : [...levels]
        }
        limit={200}
      />
    );
  }
  const span = range.upper - range.lower || 1;
  const step = 10 ** Math.floor(Math.log10(span / 200));
  const number = typeof value === 'number' ? value : range.lower;
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap" mb={0}>
        <Text fz="sm" fw={550} style={{ minWidth: 0, overflowWrap: 'anywhere' }} lh={1.25}>
          {name}{' '}
          <Text component="span" c="dimmed" fz="xs" fw={400}>
            {unit}
          </Text>
        </Text>
        <Group gap={4} wrap="nowrap">
          {isPart && (
            <Tooltip
              withinPortal={false}
              label={isHeld ? 'Held: does not make room. Press to free' : 'Hold while others move'}
            >
              <ActionIcon
                variant={isHeld ? 'light' : 'subtle'}
                color="gray"
                c="dimmed"
                size="sm"
                aria-pressed={isHeld}
                aria-label={`Hold ${name}`}
                onClick={onHold}
              >
                <Icon name={isHeld ? 'lock' : 'unlock'} size={14} />
              </ActionIcon>
            </Tooltip>
          )}
          <NumberInput
            aria-label={key}
            size="xs"
            w={84}
            value={Number(number.toPrecision(5))}
            onChange={(next) => typeof next === 'number' && onChange(next)}
            hideControls
            styles={{
              input: { textAlign: 'right', fontVariantNumeric: 'tabular-nums', height: 26, minHeight: 26 },
            }}
          />
        </Group>
      </Group>
      <Slider
        thumbLabel={key}
        min={range.lower}
        max={range.upper}
        step={step}
        value={Math.min(range.upper, Math.max(range.lower, number))}
        onChange={onChange}
        label={null}
        size="sm"
        thumbSize={16}
      />
    </div>
  );
}
