import { basePath } from '@athanor/schema';
import { type ReactNode, useState } from 'react';

interface MoleculeDrawingProps {
  readonly smiles: string;
  readonly width?: number;
  readonly height?: number;
  /** What is shown in place of a structure that cannot be drawn. */
  readonly fallback?: ReactNode;
}

/** A structure, drawn by the server when it comes into view. */
export function MoleculeDrawing({
  smiles,
  width = 180,
  height = 120,
  fallback = null,
}: MoleculeDrawingProps) {
  const [refused, setRefused] = useState<string | null>(null);
  if (refused === smiles || smiles === '') return fallback;
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
