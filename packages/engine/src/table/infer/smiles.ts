import { elements } from './elements.ts';

/** Longer texts are not read as molecules; a chain of a thousand atoms is a polymer drawn the wrong way. */
const maxLength = 4000;

/** Atoms that stand without brackets, two-letter ones first. */
const aliphatic = ['Cl', 'Br', 'B', 'C', 'N', 'O', 'P', 'S', 'F', 'I', '*'];
const aromatic = 'bcnops';
const bracketAromatic = new Set(['b', 'c', 'n', 'o', 'p', 's', 'se', 'as', 'te']);

/** What a text looks like when it is read as SMILES. */
export interface SmilesReading {
  /** Every token is one of the language, brackets and rings are closed, bonds stand between atoms. */
  readonly isValid: boolean;
  readonly atomCount: number;
  /** Bonds, branches, rings, brackets, aromatic atoms: things that words do not have. */
  readonly signCount: number;
}

const invalid: SmilesReading = { isValid: false, atomCount: 0, signCount: 0 };

/**
 * Reads a text by the grammar of OpenSMILES 1.0 (James and others 2016) in one pass: organic-subset and bracket atoms,
 * bonds, branches, ring closures, dots. Valence is chemistry and not looked at. Aromatic atoms need a ring, which keeps out
 * words such as `Co` and `nosc`.
 */
export function readSmiles(text: string): SmilesReading {
  const { length } = text;
  if (length === 0 || length > maxLength) return invalid;
  const openRings = new Set<string>();
  let at = 0;
  let depth = 0;
  let atomCount = 0;
  let signCount = 0;
  let aromaticCount = 0;
  let ringCount = 0;
  /** An atom stands to the left that a bond, ring digit or branch can belong to. */
  let hasAtom = false;
  let isBondOpen = false;
  while (at < length) {
    const character = text[at]!;
    if (character === '[') {
      const end = text.indexOf(']', at);
      if (end < 0) return invalid;
      const kind = bracketAtom(text.slice(at + 1, end));
      if (kind === null) return invalid;
      if (kind === 'aromatic') aromaticCount++;
      at = end + 1;
      atomCount++;
      signCount++;
      hasAtom = true;
      isBondOpen = false;
      continue;
    }
    const atom = aliphatic.find((symbol) => text.startsWith(symbol, at));
    if (atom !== undefined || aromatic.includes(character)) {
      if (atom === undefined) {
        aromaticCount++;
        signCount++;
      }
      at += atom?.length ?? 1;
      atomCount++;
      hasAtom = true;
      isBondOpen = false;
    } else if ('-=#$:/\\~'.includes(character)) {
      if (!hasAtom || isBondOpen) return invalid;
      isBondOpen = true;
      signCount++;
      at++;
    } else if (character === '(') {
      if (!hasAtom || isBondOpen) return invalid;
      depth++;
      signCount++;
      at++;
      // A branch begins with a bond or an atom, never with a ring digit or another branch.
      if (text[at] === ')' || text[at] === '(' || isDigit(text[at])) return invalid;
    } else if (character === ')') {
      if (depth === 0 || isBondOpen) return invalid;
      depth--;
      at++;
    } else if (isDigit(character) || character === '%') {
      if (!hasAtom) return invalid;
      const label = character === '%' ? text.slice(at + 1, at + 3) : character;
      if (!/^\d{1,2}$/.test(label) || (character === '%' && label.length !== 2)) return invalid;
      at += character === '%' ? 3 : 1;
      const ring = String(Number(label));
      if (!openRings.delete(ring)) openRings.add(ring);
      else ringCount++;
      signCount++;
      isBondOpen = false;
    } else if (character === '.') {
      if (!hasAtom || isBondOpen) return invalid;
      hasAtom = false;
      at++;
    } else {
      return invalid;
    }
  }
  const isValid =
    atomCount > 0 &&
    hasAtom &&
    depth === 0 &&
    !isBondOpen &&
    openRings.size === 0 &&
    (aromaticCount === 0 || ringCount > 0);
  return { isValid, atomCount, signCount };
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

const bracketPattern =
  /^(\d{1,3})?([A-Z][a-z]?|[a-z]{1,2}|\*)(@{1,2}(?:TH[12]|AL[12]|SP[1-3]|TB\d{1,2}|OH\d{1,2})?)?(H\d?)?([+-]{1,4}|[+-]\d{1,2})?(:\d{1,4})?$/;

/** An atom in brackets: isotope, symbol, chirality, hydrogens, charge, class. */
function bracketAtom(content: string): 'aliphatic' | 'aromatic' | null {
  if (content.length > 20) return null;
  const match = bracketPattern.exec(content);
  if (match === null) return null;
  const symbol = match[2]!;
  if (symbol === '*' || elements.has(symbol)) return 'aliphatic';
  if (bracketAromatic.has(symbol)) return 'aromatic';
  return null;
}

/** What a column of texts looks like as molecules. */
export interface MoleculeEvidence {
  /** Share of the distinct values that are valid SMILES. */
  readonly validShare: number;
  /** Share of the distinct values that have the signs of a structure. */
  readonly structureShare: number;
}

/** Judges the distinct values of a column. */
export function gatherMoleculeEvidence(levels: readonly string[]): MoleculeEvidence {
  let valid = 0;
  let structured = 0;
  for (const level of levels) {
    const reading = readSmiles(level.trim());
    if (!reading.isValid) continue;
    valid++;
    if (reading.signCount > 0 || reading.atomCount >= 6) structured++;
  }
  return { validShare: valid / levels.length, structureShare: structured / levels.length };
}
