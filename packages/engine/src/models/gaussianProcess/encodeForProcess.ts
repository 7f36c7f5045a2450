import type { TanimotoTerm } from '../../kernels/kernel.ts';
import { columnOf, createMatrix, type Matrix } from '../../linalg/matrix.ts';
import { appendMolecules, moleculeOf, noFingerprints } from '../../table/molecules/moleculeSet.ts';
import type { MolecularColumn } from '../../table/column.ts';
import { encodeInputs } from '../../transforms/encodeInputs.ts';
import type { InputEncoder } from '../../transforms/inputEncoder.ts';
import type { Inputs } from '../inputs.ts';
import type { FittedGaussianProcess } from './fittedGaussianProcess.ts';
import type { ConstantState, GaussianProcessState } from './gaussianProcessState.ts';

/** Rows as a process sees them. */
export interface EncodedRows {
  /** Encoded inputs, and behind them the number of a row's molecule for each molecular input [m, d + t]. */
  readonly X: Matrix;
  /** What the numbers mean [t]. */
  readonly similarities: readonly TanimotoTerm[];
}

/** Encodes the rows a process learns from. */
export function encodeTrainingRows(encoder: InputEncoder, inputs: Inputs): EncodedRows {
  const terms = encoder.inputs
    .filter(({ kind }) => kind === 'molecular')
    .map(({ key }): TanimotoTerm => ({
      kind: 'tanimoto',
      key,
      feature: -1,
      smiles: [],
      fingerprints: noFingerprints,
    }));
  return encode(encoder, terms, inputs);
}

/**
 * Encodes rows for a fitted process, and gives the state that knows their molecules: the fitted one, with molecules it
 * has not seen put behind its own. Everything asked about X must be asked of that state.
 */
export function encodeForProcess(
  { encoder, state }: FittedGaussianProcess,
  inputs: Inputs,
): { readonly X: Matrix; readonly state: GaussianProcessState | ConstantState } {
  if (state.kind === 'constant') return { X: encodeInputs(encoder, inputs), state };
  const { fixed } = state.kernel;
  const known = fixed.filter((term) => term.kind === 'tanimoto');
  if (known.length === 0) return { X: encodeInputs(encoder, inputs), state };
  const { X, similarities } = encode(encoder, known, inputs);
  const others = fixed.filter((term) => term.kind !== 'tanimoto');
  return { X, state: { ...state, kernel: { ...state.kernel, fixed: [...others, ...similarities] } } };
}

function encode(encoder: InputEncoder, terms: readonly TanimotoTerm[], inputs: Inputs): EncodedRows {
  const smooth = encodeInputs(encoder, inputs);
  const d = smooth.columnCount;
  const X = createMatrix(inputs.rowCount, d + terms.length);
  X.values.set(smooth.values);
  const similarities = terms.map((term, t) => {
    // `encodeInputs` has found the column, and that it holds molecules.
    const { column } = inputs.columns.find((one) => one.column.key === term.key)!;
    const { codes, levels } = column as MolecularColumn;
    const extended = extend({ ...term, feature: d + t }, column as MolecularColumn);
    const numberOf = new Map(extended.smiles.map((smiles, number) => [smiles, number]));
    const numbers = columnOf(X, d + t);
    codes.forEach((code, i) => (numbers[i] = code < 0 ? -1 : numberOf.get(levels[code]!)!));
    return extended;
  });
  return { X, similarities };
}

/** The term with the molecules of a column that it does not know, by their names, so that their order has no part. */
function extend(term: TanimotoTerm, { codes, levels, molecules }: MolecularColumn): TanimotoTerm {
  const known = new Set(term.smiles);
  const unknown = [...new Set(codes)]
    .filter((code) => code >= 0 && !known.has(levels[code]!))
    .sort((a, b) => (levels[a]! < levels[b]! ? -1 : 1));
  if (unknown.length === 0) return term;
  const added = unknown.map((code) => moleculeOf(molecules, code));
  return {
    ...term,
    smiles: [...term.smiles, ...added.map(({ smiles }) => smiles)],
    fingerprints: appendMolecules(term.fingerprints, added),
  };
}
