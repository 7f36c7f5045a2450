import { Text } from '@mantine/core';
import { MoleculeDrawing } from './moleculeDrawing.tsx';

/** A structure in a table: drawn, above its text, which is cut where it is long. */
export function MoleculeCell({ smiles }: { smiles: string }) {
  return (
    <>
      <MoleculeDrawing smiles={smiles} width={150} height={90} />
      <Text fz="xs" c="dimmed" maw={150} truncate title={smiles}>
        {smiles}
      </Text>
    </>
  );
}
