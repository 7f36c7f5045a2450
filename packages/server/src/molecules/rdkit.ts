import { createRequire } from 'node:module';

/** What we use of a molecule of RDKit's WebAssembly build. Its memory is its own: call `delete` when done. */
export interface RdkitMolecule {
  get_smiles(): string;
  get_num_atoms(): number;
  /** JSON with numbers by name. */
  get_descriptors(): string;
  /** SVG; `details` is JSON with size and colours. */
  get_svg_with_highlights(details: string): string;
  /** JSON with atoms, bonds and rings. */
  get_json(): string;
  delete(): void;
}

interface Log {
  get_buffer(): string;
  clear_buffer(): void;
}

/** What we use of RDKit's WebAssembly build (https://www.rdkit.org, BSD-3-Clause). */
interface RdkitModule {
  get_mol(smiles: string): RdkitMolecule | null;
  /** Null when that log is being captured already. */
  set_log_capture(name: string): Log | null;
}

export interface Rdkit {
  /** Null when the SMILES is not valid; `complaints` says why. */
  get_mol(smiles: string): RdkitMolecule | null;
  readonly complaints: Log;
}

/** Loads RDKit: a quarter of a second and some 70 MB, so only in a thread of its own. */
export async function loadRdkit(): Promise<Rdkit> {
  const load = createRequire(import.meta.url)('@rdkit/rdkit') as () => Promise<RdkitModule>;
  const module = await load();
  const complaints = module.set_log_capture('rdApp.error');
  if (complaints === null) throw new Error('the log of RDKit is taken');
  return { get_mol: (smiles) => module.get_mol(smiles), complaints };
}
