import { basePath } from '@athanor/schema';
import { useState } from 'react';

interface MoleculeDrawingProps {
  readonly smiles: string;
  readonly width?: number;
  readonly height?: number;
}

/** A structure, drawn by the server when it comes into view; nothing for a SMILES that cannot be read. */
export function MoleculeDrawing({ smiles, width = 180, height = 120 }: MoleculeDrawingProps) {
  const [refused, setRefused] = useState<string | null>(null);
  if (refused === smiles || smiles === '') return null;
  const query = new URLSearchParams({ smiles, width: String(width), height: String(height) });
  return (
    <img
      key={smiles}
      src={`${basePath}/molecules/drawing?${query.toString()}`}
      alt={smiles}
      title={smiles}
      width={width}
      height={height}
      loading="lazy"
      decoding="async"
      className="molecule"
      onError={() => setRefused(smiles)}
    />
  );
}
