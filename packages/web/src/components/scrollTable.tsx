import { ScrollArea, Table, type TableProps } from '@mantine/core';

interface ScrollTableProps extends TableProps {
  /** What the table holds, for those who cannot see it. */
  readonly label: string;
  /** Higher tables scroll down too. */
  readonly highest?: number;
}

/** A table of figures that scrolls by itself where it is wider than the page, by keyboard too; its bar hides no row. */
export function ScrollTable({ label, highest, children, ...table }: ScrollTableProps) {
  return (
    <ScrollArea.Autosize
      {...(highest === undefined ? {} : { mah: highest })}
      type="auto"
      offsetScrollbars="present"
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}
    >
      <Table fz="sm" className="numeric leaderboard" {...table}>
        {children}
      </Table>
    </ScrollArea.Autosize>
  );
}
