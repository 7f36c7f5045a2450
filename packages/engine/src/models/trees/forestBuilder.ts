import type { Forest } from './forest.ts';

/** Collects the splits and leaves of growing trees in arrays that double when they are full. */
export class ForestBuilder {
  readonly #hasVariance: boolean;
  readonly #roots: number[] = [];
  #splitCount = 0;
  #feature = new Int32Array(1024);
  #threshold = new Float64Array(1024);
  #left = new Int32Array(1024);
  #right = new Int32Array(1024);
  #missingLeft = new Uint8Array(1024);
  #leafCount = 0;
  #leafValue = new Float64Array(1024);
  #leafVariance = new Float64Array(1024);

  /** @param hasVariance whether leaves say how the target scatters within them */
  constructor(hasVariance: boolean) {
    this.#hasVariance = hasVariance;
  }

  /** Splits so far. */
  get splitCount(): number {
    return this.#splitCount;
  }

  /** Leaves so far. */
  get leafCount(): number {
    return this.#leafCount;
  }

  addRoot(reference: number): void {
    this.#roots.push(reference);
  }

  /** Adds a whole tree, its top first, whose references already count over the whole forest. */
  addTree(tree: Omit<Forest, 'roots'>): void {
    const s = this.#splitCount;
    const l = this.#leafCount;
    this.#roots.push(tree.feature.length > 0 ? s : ~l);
    this.#splitCount += tree.feature.length;
    this.#leafCount += tree.leafValue.length;
    while (this.#splitCount > this.#feature.length) this.#enlargeSplits();
    while (this.#leafCount > this.#leafValue.length) this.#enlargeLeaves();
    this.#feature.set(tree.feature, s);
    this.#threshold.set(tree.threshold, s);
    this.#left.set(tree.left, s);
    this.#right.set(tree.right, s);
    this.#missingLeft.set(tree.missingLeft, s);
    this.#leafValue.set(tree.leafValue, l);
    if (tree.leafVariance !== null) this.#leafVariance.set(tree.leafVariance, l);
  }

  /** Adds a split without children and returns its reference. */
  addSplit(feature: number, threshold: number, missingLeft: boolean): number {
    if (this.#splitCount === this.#feature.length) this.#enlargeSplits();
    this.#feature[this.#splitCount] = feature;
    this.#threshold[this.#splitCount] = threshold;
    this.#missingLeft[this.#splitCount] = missingLeft ? 1 : 0;
    return this.#splitCount++;
  }

  setChild(split: number, isRight: boolean, reference: number): void {
    (isRight ? this.#right : this.#left)[split] = reference;
  }

  /** Adds a leaf without a variance and returns its reference. */
  addLeaf(value: number): number {
    if (this.#leafCount === this.#leafValue.length) this.#enlargeLeaves();
    this.#leafValue[this.#leafCount] = value;
    return ~this.#leafCount++;
  }

  /** Value of a leaf, counted over the whole forest. */
  valueOf(leaf: number): number {
    return this.#leafValue[leaf]!;
  }

  setValue(leaf: number, value: number): void {
    this.#leafValue[leaf] = value;
  }

  #enlargeSplits(): void {
    this.#feature = enlarge(this.#feature);
    this.#threshold = enlarge(this.#threshold);
    this.#left = enlarge(this.#left);
    this.#right = enlarge(this.#right);
    this.#missingLeft = enlarge(this.#missingLeft);
  }

  #enlargeLeaves(): void {
    this.#leafValue = enlarge(this.#leafValue);
    this.#leafVariance = enlarge(this.#leafVariance);
  }

  finish(): Forest {
    const s = this.#splitCount;
    const l = this.#leafCount;
    return {
      roots: Int32Array.from(this.#roots),
      feature: this.#feature.slice(0, s),
      threshold: this.#threshold.slice(0, s),
      left: this.#left.slice(0, s),
      right: this.#right.slice(0, s),
      missingLeft: this.#missingLeft.slice(0, s),
      leafValue: this.#leafValue.slice(0, l),
      leafVariance: this.#hasVariance ? this.#leafVariance.slice(0, l) : null,
    };
  }
}

type Cells = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

function enlarge<T extends Cells>(cells: T): T {
  const larger = new (cells.constructor as new (length: number) => T)(cells.length * 2);
  larger.set(cells);
  return larger;
}
