import { Button, Group, Menu, Stack, Text } from '@mantine/core';
import type { ConstraintKind, InputRow, SearchSpace, SpaceCheck } from '@athanor/schema';
import { useState } from 'react';
import { newRule, ruleNames } from '../../design/newRule.ts';
import { relaxSpace } from '../../design/relaxSpace.ts';
import { Icon } from '../icon.tsx';
import { RuleForm } from './ruleForm.tsx';
import { VariableTable } from './variableTable.tsx';

interface SpaceEditorProps {
  readonly space: SearchSpace;
  /** What the server said last of this space or the one before it. */
  readonly check: SpaceCheck | undefined;
  /** Whether it is of this one. */
  readonly isCurrent: boolean;
  readonly onChange: (space: SearchSpace) => void;
  /** The space that the table spans, to go back to. */
  readonly inferred: SearchSpace;
  /** Inputs of the rows made so far. */
  readonly made: readonly InputRow[];
}

/** What may be made: each input with its bounds and steps, and the rules between them, read back and checked at once. */
export function SpaceEditor({ space, check, isCurrent, onChange, inferred, made }: SpaceEditorProps) {
  const [open, setOpen] = useState<number | null>(null);
  const sentences = new Map(check?.sentences.map(({ path, text }) => [path, text]));
  const troubled = new Set(check?.isFeasible === false ? check.violations.flatMap(({ paths }) => paths) : []);
  const setRule = (index: number, rule: SearchSpace['constraints'][number]): void => {
    onChange({ ...space, constraints: space.constraints.with(index, rule) });
  };
  const add = (kind: ConstraintKind): void => {
    const rule = newRule(kind, space);
    if (rule === null) return;
    const filled = rule.kind === 'exclude' ? { ...rule, rows: [...made] } : rule;
    onChange({ ...space, constraints: [...space.constraints, filled] });
    setOpen(space.constraints.length);
  };
  return (
    <Stack gap="md">
      <Feasibility
        check={check}
        isCurrent={isCurrent}
        onRelax={(paths, row) => onChange(relaxSpace(space, paths, row))}
      />
      <VariableTable
        variables={space.variables}
        troubled={troubled}
        onChange={(variables) => onChange({ ...space, variables })}
      />
      <section aria-label="Rules">
        <Group justify="space-between" mb={6}>
          <Text fw={650}>Rules between them</Text>
          <Group gap="xs">
            {space !== inferred && (
              <Button size="xs" variant="subtle" onClick={() => onChange(inferred)}>
                As the table has it
              </Button>
            )}
            <Menu position="bottom-end" width={220}>
              <Menu.Target>
                <Button size="xs" variant="default">
                  Add a rule
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {(Object.keys(ruleNames) as ConstraintKind[]).map((kind) => (
                  <Menu.Item key={kind} disabled={newRule(kind, space) === null} onClick={() => add(kind)}>
                    {ruleNames[kind]}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          </Group>
        </Group>
        {space.constraints.length === 0 && (
          <Text fz="sm" c="dimmed">
            None: every input is free within its bounds.
          </Text>
        )}
        <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {space.constraints.map((rule, index) => {
            const path = `constraints/${index}`;
            const text = isCurrent ? sentences.get(path) : undefined;
            return (
              <li key={index} className="ruleLine" data-troubled={troubled.has(path) || undefined}>
                <Group justify="space-between" wrap="nowrap" gap="sm">
                  <Text fz="sm" style={{ overflowWrap: 'anywhere' }}>
                    {text ?? ruleNames[rule.kind]}
                  </Text>
                  <Group gap={4} wrap="nowrap">
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      aria-expanded={open === index}
                      aria-label={`${open === index ? 'Done with' : 'Edit'} rule ${index + 1}`}
                      onClick={() => setOpen(open === index ? null : index)}
                    >
                      {open === index ? 'Done' : 'Edit'}
                    </Button>
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      color="gray"
                      c="dimmed"
                      aria-label={`Remove rule ${index + 1}`}
                      onClick={() => {
                        setOpen(null);
                        onChange({ ...space, constraints: space.constraints.toSpliced(index, 1) });
                      }}
                    >
                      Remove
                    </Button>
                  </Group>
                </Group>
                {open === index && (
                  <RuleForm
                    rule={rule}
                    variables={space.variables}
                    made={made}
                    onChange={(next) => setRule(index, next)}
                  />
                )}
              </li>
            );
          })}
        </Stack>
      </section>
    </Stack>
  );
}

interface FeasibilityProps {
  readonly check: SpaceCheck | undefined;
  readonly isCurrent: boolean;
  readonly onRelax: (paths: readonly string[], row: InputRow) => void;
}

/** Whether anything can be made; if not, what stands against each other and the least that must give. */
function Feasibility({ check, isCurrent, onRelax }: FeasibilityProps) {
  if (check === undefined || !isCurrent) {
    return (
      <Text fz="sm" c="dimmed" role="status" className="feasibility">
        Checking whether anything obeys all of this …
      </Text>
    );
  }
  const { isFeasible, violations, relaxations, nearest } = check;
  if (isFeasible) {
    return (
      <Group gap={8} role="status" className="feasibility" wrap="nowrap">
        <span style={{ color: 'var(--page-model)' }}>
          <Icon name="check" size={17} />
        </span>
        <Text fz="sm">There are experiments that obey all of this.</Text>
      </Group>
    );
  }
  return (
    <div role="alert" className="feasibility" data-troubled>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <span style={{ color: 'var(--page-measured)', marginTop: 1 }}>
          <Icon name="warning" size={17} />
        </span>
        <Stack gap={6}>
          <Text fz="sm" fw={600}>
            No experiment obeys all of this.
          </Text>
          {violations.map(({ message }) => (
            <Text key={message} fz="sm">
              {message}
            </Text>
          ))}
          {relaxations.length > 0 && (
            <Group gap="sm">
              <Text fz="sm">The least that helps: {relaxations.map(({ advice }) => advice).join('; ')}.</Text>
              {nearest !== null && nearest !== undefined && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() =>
                    onRelax(
                      relaxations.map(({ path }) => path),
                      nearest,
                    )
                  }
                >
                  Do that
                </Button>
              )}
            </Group>
          )}
        </Stack>
      </Group>
    </div>
  );
}
