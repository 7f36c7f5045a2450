import { Group, NumberInput, Select, Text } from '@mantine/core';
import type { BacktestSettings } from '@athanor/schema';

/** A table to replay, as the form holds it. */
export type ReplayPlan = {
  [Name in Exclude<keyof BacktestSettings, 'policies'>]-?: NonNullable<BacktestSettings[Name]>;
};

interface ReplayFieldsProps {
  readonly plan: ReplayPlan;
  readonly targets: readonly string[];
  readonly onChange: (plan: ReplayPlan) => void;
}

/** What to look for when the table is met anew, and with how many experiments. */
export function ReplayFields({ plan, targets, onChange }: ReplayFieldsProps) {
  const figure = (name: 'startCount' | 'batchSize' | 'budget' | 'campaigns', label: string, min: number) => (
    <NumberInput
      label={label}
      w={150}
      min={min}
      max={name === 'campaigns' || name === 'batchSize' ? 100 : 1000}
      clampBehavior="strict"
      value={plan[name]}
      onChange={(value) => {
        if (typeof value === 'number') onChange({ ...plan, [name]: value });
      }}
    />
  );
  return (
    <>
      <Text fz="sm">
        Meets the rows of the table as if none were known and lets each way of choosing pick what to measure
        next: how much sooner than chance would it have found the best? Nothing new is proposed.
      </Text>
      <Group align="flex-end" gap="sm">
        <Select
          label="Look for"
          w={240}
          allowDeselect={false}
          value={plan.target}
          data={[...targets]}
          onChange={(target) => onChange({ ...plan, target: target! })}
        />
        <Select
          aria-label="Which values are best"
          w={150}
          allowDeselect={false}
          value={plan.goal}
          data={[
            { value: 'maximize', label: 'the highest' },
            { value: 'minimize', label: 'the lowest' },
          ]}
          onChange={(goal) => onChange({ ...plan, goal: goal as ReplayPlan['goal'] })}
        />
      </Group>
      <Group align="flex-end" gap="sm">
        {figure('startCount', 'First at random', 2)}
        {figure('batchSize', 'Then at a time', 1)}
        {figure('budget', 'In all at most', 3)}
        {figure('campaigns', 'Campaigns', 1)}
      </Group>
    </>
  );
}
