/**
 * The few names of the WebAssembly API this package uses. Written out here because the package is compiled without
 * the libraries of the browser or of Node: it may touch nothing else of the world.
 */

/** The memory of an instance: `buffer` is replaced, and views on the old one detached, whenever it grows. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; @returns the old size in pages. @throws RangeError when the machine has no more. */
  grow(pages: number): number;
}

interface WebAssemblyApi {
  readonly Memory: new (descriptor: { initial: number; maximum?: number }) => LinearMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
}

/** The global `WebAssembly`. */
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
