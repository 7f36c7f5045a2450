import { cleanDrawing } from './cleanDrawing.ts';
import type { DrawMessage, Drawing } from './describeMessage.ts';
import { openMolecule } from './openMolecule.ts';
import type { Rdkit } from './rdkit.ts';

/**
 * What bonds and carbon are drawn in; `cleanDrawing` turns it into the colour of the text around. Other atoms have
 * middle tones, which keep a contrast of 3 and more with white and with near black.
 */
export const inkColor = '#7F7F7F';
const ink = [0x7f / 255, 0x7f / 255, 0x7f / 255] as const;

/** By atomic number; -1 is every other element. Red, green and blue between 0 and 1. */
const palette = {
  '-1': ink,
  0: ink,
  1: ink,
  6: ink,
  5: [0.72, 0.42, 0.3],
  7: [0.25, 0.47, 0.9],
  8: [0.87, 0.25, 0.2],
  9: [0.16, 0.58, 0.28],
  14: [0.66, 0.48, 0.24],
  15: [0.8, 0.42, 0.05],
  16: [0.6, 0.5, 0.05],
  17: [0.16, 0.58, 0.28],
  35: [0.68, 0.4, 0.2],
  53: [0.6, 0.35, 0.75],
} as const;

/** Draws a molecule on no ground. */
export function drawMolecule(rdkit: Rdkit, { smiles, width, height }: DrawMessage): Drawing {
  return openMolecule(rdkit, smiles, (molecule) => {
    const drawing = molecule.get_svg_with_highlights(
      JSON.stringify({
        width,
        height,
        clearBackground: false,
        bondLineWidth: 1.5,
        // Small molecules are not blown up to fill the picture.
        fixedBondLength: 32,
        atomColourPalette: palette,
      }),
    );
    const svg = cleanDrawing(drawing, { title: molecule.get_smiles(), width, height, ink: inkColor });
    return svg === null ? { reason: 'RDKit cannot draw it' } : { svg };
  });
}
