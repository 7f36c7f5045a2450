import { NumberInput } from '@mantine/core';

interface Limits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

interface LimitFieldsProps {
  readonly limits: Limits;
  readonly isWhole?: boolean;
  readonly onChange: (limits: { min?: number; max?: number }) => void;
}

/** At least and at most; an empty field is no limit. */
export function LimitFields({ limits, isWhole = false, onChange }: LimitFieldsProps) {
  const { min, max } = limits;
  const field = (name: 'min' | 'max', label: string) => (
    <NumberInput
      label={label}
      size="xs"
      w={100}
      hideControls
      allowDecimal={!isWhole}
      placeholder="none"
      value={limits[name] ?? ''}
      onChange={(value) => {
        const kept = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
        if (typeof value === 'number') onChange({ ...kept, [name]: value });
        else if (value === '') {
          delete kept[name];
          onChange(kept);
        }
      }}
    />
  );
  return (
    <>
      {field('min', 'At least')}
      {field('max', 'At most')}
    </>
  );
}
