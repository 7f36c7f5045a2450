import { webAssembly, type LinearMemory } from './webAssembly.ts';

/** A byte offset into the memory of an arena. 0 is never a place of data. */
export type Pointer = number;

/** A column-major matrix in the memory of an arena: element (i, j) lies at `pointer + 8 * (i + j * ld)`. */
export interface Matrix {
  readonly pointer: Pointer;
  /** Leading dimension: distance between the starts of two columns, in elements; >= rows. */
  readonly ld: number;
}

const pageBytes = 65_536;
/** Every block begins on a cache line. */
const alignment = 64;
/** Bytes kept free at the end: the routines load four rows at a time, also of a column with fewer. */
const slackBytes = 64;
/** Doubles on one 4 KiB memory page: columns at this distance compete for the same lines of the first-level cache. */
const pageDoubles = 512;

/** The usual leading dimension of a matrix with `rows` rows: a multiple of 4 that is no multiple of a page. */
export function leadingDimension(rows: number): number {
  const padded = Math.max(4, Math.ceil(rows / 4) * 4);
  return padded % pageDoubles === 0 ? padded + 4 : padded;
}

/**
 * Memory for the routines: one growing `WebAssembly.Memory`, handed out from bottom to top. There is no `free`: a
 * caller takes a `mark`, allocates, computes, and gives everything back at once with `release(mark)`.
 *
 * Pointers stay valid until released. Views do not: **any allocation may grow the memory, which empties every view
 * taken before**. So allocate first and take views last, or call `reserve` once for what is to come.
 */
export class Arena {
  /** The most a memory with 32-bit addresses can have: 4 GiB. */
  static readonly maxPages = 65_536;

  readonly memory: LinearMemory;
  /** First byte that may be handed out; below lie the constants and packing buffers of the routines. */
  readonly base: Pointer;
  #top: Pointer;
  #left: { readonly owner: WeakRef<object>; readonly pointer: Pointer; readonly end: Pointer } | null = null;

  /** @param reservedBytes bytes at the bottom that belong to the routines themselves. */
  constructor(memory: LinearMemory, reservedBytes: number) {
    this.memory = memory;
    this.base = align(Math.max(reservedBytes, alignment));
    this.#top = this.base;
  }

  /** An arena on a memory of its own, as the twins use. */
  static create(): Arena {
    return new Arena(new webAssembly.Memory({ initial: 1, maximum: Arena.maxPages }), 0);
  }

  /** The first byte not in use. */
  get top(): Pointer {
    return this.#top;
  }

  /** Size of the memory, used or not. It never shrinks. */
  get capacityBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** The present top, to be given to `release`. */
  mark(): Pointer {
    return this.#top;
  }

  /**
   * Gives back everything allocated since `mark`.
   * @throws RangeError when `mark` lies above the top: it was released before.
   */
  release(mark: Pointer): void {
    if (!(mark >= this.base && mark <= this.#top)) {
      throw new RangeError(`Arena mark ${mark} is not between ${this.base} and the top ${this.#top}`);
    }
    this.#top = mark;
  }

  /**
   * Makes sure that the next `bytes` can be allocated without growth, so that views taken now survive.
   * @throws RangeError when the memory cannot grow that far (4 GiB at most).
   */
  reserve(bytes: number): void {
    const end = this.#top + bytes + slackBytes;
    const missing = end - this.capacityBytes;
    if (!(missing > 0)) return;
    const pages = Math.ceil(missing / pageBytes);
    const present = this.capacityBytes / pageBytes;
    // Growing by an eighth at least keeps the number of growths logarithmic.
    const generous = Math.min(Math.max(pages, Math.ceil(present / 8)), Arena.maxPages - present);
    for (const wanted of generous > pages ? [generous, pages] : [pages]) {
      if (present + wanted > Arena.maxPages) break;
      try {
        this.memory.grow(wanted);
        return;
      } catch {
        // The machine refuses; a smaller step or the error below.
      }
    }
    throw new RangeError(
      `The routines need ${megabytes(end)} MB of memory and could not get it (in use ${megabytes(this.#top)} MB, limit 4295 MB)`,
    );
  }

  /**
   * @returns `bytes` bytes on a cache line, not cleared.
   * @throws RangeError for a size that is no whole number >= 0, or when memory is exhausted.
   */
  allocate(bytes: number): Pointer {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new RangeError(`A block of ${bytes} bytes cannot be allocated`);
    }
    const size = align(bytes);
    this.reserve(size);
    const pointer = this.#top;
    this.#top += size;
    if (this.#left !== null && pointer < this.#left.end) this.#left = null;
    return pointer;
  }

  /**
   * Remembers that the topmost block is the owner's, so that it need not be written again when it was given back and
   * nothing else was put there. One block at a time. Whoever computes with it must leave it as it is.
   */
  leave(owner: object, pointer: Pointer): void {
    this.#left = { owner: new WeakRef(owner), pointer, end: this.#top };
  }

  /** Whether the next block to be allocated still has what the owner has left there. */
  isLeft(owner: object): boolean {
    return this.#left !== null && this.#left.pointer === this.#top && this.#left.owner.deref() === owner;
  }

  /** Room for `count` doubles, not cleared. */
  allocateFloat64(count: number): Pointer {
    return this.allocate(count * 8);
  }

  /** Room for `count` 32-bit integers, not cleared. */
  allocateInt32(count: number): Pointer {
    return this.allocate(count * 4);
  }

  /** Room for a matrix with the usual leading dimension, not cleared. */
  allocateMatrix(rows: number, columns: number): Matrix {
    const ld = leadingDimension(rows);
    return { pointer: this.allocate(ld * columns * 8), ld };
  }

  /** Copies `values` in. */
  storeFloat64(values: ArrayLike<number>): Pointer {
    const pointer = this.allocateFloat64(values.length);
    this.float64(pointer, values.length).set(values);
    return pointer;
  }

  /** Copies `values` in. */
  storeInt32(values: ArrayLike<number>): Pointer {
    const pointer = this.allocateInt32(values.length);
    this.int32(pointer, values.length).set(values);
    return pointer;
  }

  /** Copies `values` in. */
  storeUint8(values: ArrayLike<number>): Pointer {
    const pointer = this.allocate(values.length);
    this.uint8(pointer, values.length).set(values);
    return pointer;
  }

  /** A view on `count` doubles, good until the next allocation. */
  float64(pointer: Pointer, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, pointer, count);
  }

  /** A view on `count` 32-bit integers, good until the next allocation. */
  int32(pointer: Pointer, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, pointer, count);
  }

  /** A view on `count` bytes, good until the next allocation. */
  uint8(pointer: Pointer, count: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer, count);
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
