import { NumberInput } from '@mantine/core';

interface FigureFieldProps {
  readonly label?: string | undefined;
  /** Where no label is shown. */
  readonly name?: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A number of a rule; while the field is empty the rule stays as it was. */
export function FigureField({ label, name, value, onChange }: FigureFieldProps) {
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
