import type { CellValue } from '@athanor/schema';
import { formatNumber } from '../numbers/formatNumber.ts';
import { MoleculeCell } from './moleculeCell.tsx';

interface InputCellProps {
  readonly value: CellValue | undefined;
  readonly isMolecule: boolean;
  /** Significant digits of a number. */
  readonly digits: number;
}

/** What an experiment has of an input: a number, a structure, a text, or a dash. */
export function InputCell({ value, isMolecule, digits }: InputCellProps) {
  if (typeof value === 'number') return formatNumber(value, digits, { isExact: true });
  if (isMolecule && value !== null && value !== undefined) return <MoleculeCell smiles={String(value)} />;
  return String(value ?? '–');
}
