import { Button, Group, Stack, Text } from '@mantine/core';
import type { Variable, VariableOverride, Warning } from '@athanor/schema';
import { type ReactNode, useState } from 'react';
import { Icon } from './icon.tsx';

interface WarningListProps {
  readonly warnings: readonly Warning[];
  readonly variables?: readonly Variable[];
  /** Shows the cells a warning speaks of. */
  readonly onShow?: (warning: Warning) => void;
  readonly onFix?: (override: VariableOverride) => void;
}

/** What the reader did as it should, and says so: nothing is wrong, and nothing need be done. */
const remarks = new Set([
  'composition_found',
  'dates_as_days',
  'dates_left_out',
  'id_like',
  'grouped_by_composition',
  'missing_words',
  'target_missing',
  'number_normalised',
  'percent_format',
  'times_as_hours',
  'column_ignored',
  'companions_used',
  'blanks_trimmed',
]);

/** More than this many are folded away until asked for. */
const shownAtFirst = 5;

/** What a scientist should look at: the sentence, the cells, and the remedy as one click. */
export function WarningList({ warnings, variables = [], onShow, onFix }: WarningListProps) {
  const [isWhole, setWhole] = useState(false);
  const sorted = warnings.toSorted((a, b) => Number(remarks.has(a.code)) - Number(remarks.has(b.code)));
  const shown = isWhole ? sorted : sorted.slice(0, shownAtFirst);
  // Two warnings of one column may have the same remedy; one button is enough.
  const isFirst = (label: string, index: number): boolean =>
    sorted.findIndex((one) => remediesOf(one, variables).some((remedy) => remedy.label === label)) === index;
  return (
    <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {shown.map((warning, index) => (
        <Group key={index} component="li" wrap="nowrap" align="flex-start" gap="sm" py={8}>
          {remarks.has(warning.code) ? (
            <span style={{ color: 'var(--page-quiet)', marginTop: 2 }}>
              <Icon name="remark" size={16} />
            </span>
          ) : (
            <span style={{ color: 'var(--page-measured)', marginTop: 2 }}>
              <Icon name="warning" size={16} />
            </span>
          )}
          <div style={{ flex: 1, minWidth: 0 }}>
            <Text fz="sm" style={{ overflowWrap: 'anywhere' }}>
              {warning.message}
            </Text>
            <Group gap="xs" mt={4} className="noPrint">
              {onShow !== undefined && (warning.rows?.length ?? 0) > 0 && (
                <Quick onClick={() => onShow(warning)}>
                  Show{' '}
                  {warning.rows!.length === 1
                    ? `row ${warning.rows![0]}`
                    : `rows ${warning.rows!.join(', ')}`}
                </Quick>
              )}
              {onFix !== undefined &&
                remediesOf(warning, variables)
                  .filter(({ label }) => isFirst(label, index))
                  .map(({ label, override }) => (
                    <Quick key={label} onClick={() => onFix(override)}>
                      {label}
                    </Quick>
                  ))}
            </Group>
          </div>
        </Group>
      ))}
      {warnings.length > shownAtFirst && (
        <li>
          <Quick onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show fewer' : `Show all ${warnings.length}`}
          </Quick>
        </li>
      )}
    </Stack>
  );
}

function Quick({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Button size="compact-xs" variant="default" onClick={onClick}>
      {children}
    </Button>
  );
}

/** What can be said about the column at once. */
function remediesOf(
  warning: Warning,
  variables: readonly Variable[],
): { label: string; override: VariableOverride }[] {
  const variable = variables.find(({ key }) => key === warning.column);
  if (variable === undefined) return [];
  const { key, name, role } = variable;
  if (warning.code === 'target_guessed') {
    return [
      { label: `Yes, ${name} is the target`, override: { key, role: 'target' } },
      { label: 'No, it is an input', override: { key, role: 'input' } },
    ];
  }
  if (role === 'input') return [{ label: `Leave ${name} out`, override: { key, role: 'ignored' } }];
  if (role === 'target') return [];
  return [{ label: `Use ${name} as an input`, override: { key, role: 'input' } }];
}
