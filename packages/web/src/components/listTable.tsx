import { Group, Table, Text, TextInput, UnstyledButton } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { EmptyState } from './emptyState.tsx';
import { Icon } from './icon.tsx';
import { ScrollTable } from './scrollTable.tsx';

export interface ListColumn<Item> {
  readonly title: string;
  readonly show: (item: Item) => ReactNode;
  /** What to sort by; columns without it cannot be sorted. */
  readonly order?: (item: Item) => string | number;
  readonly isNumeric?: boolean;
}

interface ListTableProps<Item> {
  readonly items: readonly Item[];
  readonly columns: readonly ListColumn<Item>[];
  readonly keyOf: (item: Item) => string;
  /** The text that search looks through. */
  readonly textOf: (item: Item) => string;
  /** What the items are called, e.g. `sessions`. */
  readonly noun: string;
  readonly empty: ReactNode;
  readonly actions?: ReactNode;
}

/** A list with search and sorting by column. */
export function ListTable<Item>({
  items,
  columns,
  keyOf,
  textOf,
  noun,
  empty,
  actions,
}: ListTableProps<Item>) {
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<{ column: number; isDown: boolean } | null>(null);
  const found = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = items.filter((item) => {
      const text = textOf(item).toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const order = sort === null ? undefined : columns[sort.column]?.order;
    if (sort === null || order === undefined) return matching;
    const sign = sort.isDown ? -1 : 1;
    return matching.toSorted((a, b) => {
      const [one, other] = [order(a), order(b)];
      return one < other ? -sign : one > other ? sign : 0;
    });
  }, [items, columns, search, sort, textOf]);

  if (items.length === 0) return <div className="surface">{empty}</div>;
  return (
    <div className="surface" style={{ overflow: 'hidden' }}>
      <Group p="md" gap="sm" className="noPrint">
        <TextInput
          aria-label={`Search ${noun}`}
          placeholder={`Search ${noun}`}
          leftSection={<Icon name="search" size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          style={{ flex: '1 1 200px', maxWidth: 360 }}
        />
        <Text c="dimmed" fz="sm" role="status" style={{ flex: '1 0 auto' }}>
          {found.length === items.length
            ? `${items.length} ${items.length === 1 ? singular(noun) : noun}`
            : `${found.length} of ${items.length} ${noun}`}
        </Text>
        {actions}
      </Group>
      {found.length === 0 ? (
        <EmptyState title={`No ${noun} match “${search}”`} />
      ) : (
        <ScrollTable
          label={noun}
          fz="inherit"
          className=""
          verticalSpacing="sm"
          horizontalSpacing="md"
          miw={640}
        >
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ title, order, isNumeric }, index) => (
                <Table.Th
                  key={title}
                  ta={isNumeric === true ? 'right' : 'left'}
                  aria-sort={sort?.column === index ? (sort.isDown ? 'descending' : 'ascending') : undefined}
                >
                  {order === undefined ? (
                    <Text component="span" fz="sm" fw={600}>
                      {title}
                    </Text>
                  ) : (
                    <UnstyledButton
                      fz="sm"
                      fw={600}
                      onClick={() =>
                        setSort({
                          column: index,
                          isDown: sort?.column === index ? !sort.isDown : isNumeric === true,
                        })
                      }
                    >
                      {title}
                      {sort?.column === index ? (sort.isDown ? ' ↓' : ' ↑') : ''}
                    </UnstyledButton>
                  )}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map((item) => (
              <Table.Tr key={keyOf(item)}>
                {columns.map(({ title, show, isNumeric }) => (
                  <Table.Td
                    key={title}
                    ta={isNumeric === true ? 'right' : 'left'}
                    className={isNumeric === true ? 'numeric oneLine' : ''}
                  >
                    {show(item)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ScrollTable>
      )}
    </div>
  );
}

function singular(noun: string): string {
  return noun.endsWith('ies') ? `${noun.slice(0, -3)}y` : noun.replace(/s$/, '');
}
