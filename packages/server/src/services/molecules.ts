import { ProblemError } from '@athanor/schema';
import type { ComputeThread } from '../compute/computeThread.ts';
import type { DrawMessage } from '../molecules/describeMessage.ts';

/** Structures of molecules as pictures. */
export class Molecules {
  readonly #compute: ComputeThread;

  constructor(compute: ComputeThread) {
    this.#compute = compute;
  }

  /** @returns SVG @throws ProblemError MOLECULE_UNREADABLE with the reason. */
  async draw(question: DrawMessage): Promise<string> {
    const drawing = await this.#compute.drawMolecule(question);
    if ('svg' in drawing) return drawing.svg;
    const { smiles } = question;
    throw ProblemError.of(
      'MOLECULE_UNREADABLE',
      `${JSON.stringify(smiles.slice(0, 100))} cannot be drawn: ${drawing.reason}.`,
      { field: 'query/smiles', value: smiles.slice(0, 100) },
    );
  }
}
