import { Text } from '@mantine/core';
import { MoleculeDrawing } from './moleculeDrawing.tsx';

/** A structure in a table; its text stands in where it cannot be drawn. */
export function MoleculeCell({ smiles }: { smiles: string }) {
  return (
    <MoleculeDrawing
      smiles={smiles}
      width={150}
      height={90}
      fallback={
        <Text fz="xs" maw={150} truncate title={smiles}>
          {smiles}
        </Text>
      }
    />
  );
}
