import { Button, Menu } from '@mantine/core';
import { basePath, type CandidateFormat } from '@athanor/schema';
import { Icon } from './icon.tsx';

const formats: readonly { format: CandidateFormat; label: string }[] = [
  { format: 'xlsx', label: 'Excel (.xlsx)' },
  { format: 'csv', label: 'CSV' },
  { format: 'parquet', label: 'Parquet' },
];

interface ExportMenuProps {
  readonly insightId: string;
  /** Ranks to take; null for all. */
  readonly ranks: readonly number[] | null;
  readonly count: number;
}

/** Proposals as a file: the pinned ones where any are, without those left out. */
export function ExportMenu({ insightId, ranks, count }: ExportMenuProps) {
  const query = ranks === null ? '' : `&ranks=${ranks.join(',')}`;
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="download" size={16} />} disabled={count === 0}>
          Export {count}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map(({ format, label }) => (
          <Menu.Item
            key={format}
            component="a"
            href={`${basePath}/btinsight/${insightId}/candidates?format=${format}${query}`}
            download
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
