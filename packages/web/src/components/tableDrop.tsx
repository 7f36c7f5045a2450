import { Button, FileButton, Group, Loader, Stack, Text } from '@mantine/core';
import type { Dataset } from '@athanor/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import exampleAddress from '../../../../examples/concrete.csv?url';
import { uploadTable } from '../api.ts';
import { ErrorPanel } from './errorPanel.tsx';
import { Icon } from './icon.tsx';

/** Where a table comes in: dropped, chosen, or the example. */
export function TableDrop({
  onDataset,
  hasExample = false,
}: {
  onDataset: (dataset: Dataset) => void;
  hasExample?: boolean;
}) {
  const [isOver, setOver] = useState(false);
  const [fileName, setFileName] = useState('');
  const queries = useQueryClient();
  const upload = useMutation({
    mutationFn: (file: File) => {
      setFileName(file.name);
      return uploadTable(file);
    },
    onSuccess: async (dataset) => {
      await queries.invalidateQueries({ queryKey: ['datasets'] });
      onDataset(dataset);
    },
  });
  const openExample = async (): Promise<void> => {
    const response = await fetch(exampleAddress);
    upload.mutate(new File([await response.arrayBuffer()], 'concrete.csv'));
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) upload.mutate(file);
  };

  return (
    <Stack gap="md">
      <div
        className="dropZone"
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Stack align="center" gap="xs" py={{ base: 36, sm: 56 }} px="md" ta="center">
          {upload.isPending ? (
            <Group role="status" gap="sm">
              <Loader size="sm" />
              <Text>Reading {fileName}</Text>
            </Group>
          ) : (
            <>
              <span style={{ color: 'var(--page-model)' }}>
                <Icon name="upload" size={34} />
              </span>
              <Text fz="lg" fw={600}>
                Drop your table of experiments here
              </Text>
              <Text c="dimmed" fz="sm" maw={460}>
                One row per experiment: amounts, settings and what you measured, gaps and repeats included.
                CSV, Excel (.xlsx) or Parquet.
              </Text>
              <Group gap="sm" mt="sm" justify="center">
                <FileButton
                  accept=".csv,.tsv,.txt,.xlsx,.parquet"
                  onChange={(file) => file !== null && upload.mutate(file)}
                >
                  {(props) => (
                    <Button size="md" {...props}>
                      Choose a file
                    </Button>
                  )}
                </FileButton>
                {hasExample && (
                  <Button size="md" variant="default" onClick={() => void openExample()}>
                    Open the example
                  </Button>
                )}
              </Group>
            </>
          )}
        </Stack>
      </div>
      {upload.error !== null && <ErrorPanel error={upload.error} />}
    </Stack>
  );
}
