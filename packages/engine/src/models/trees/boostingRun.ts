import type { Generator } from '../../random/generator.ts';
import type { BoostingLoss } from './boostingLoss.ts';
import type { ForestBuilder } from './forestBuilder.ts';

/** Grows one tree for z [n] on rows with a weight, adds it to the forest, and leads all rows to their leaves [n]. */
export type GrowTree = (
  z: Float64Array,
  weights: Float64Array,
  generator: Generator,
  forest: ForestBuilder,
) => Int32Array;

export interface BoostingOptions {
  readonly loss: BoostingLoss;
  /** Share of a tree's prediction that is added. */
  readonly learningRate: number;
  /** Share of the rows drawn for each tree, without putting back. */
  readonly rowShare: number;
}

/**
 * Stochastic gradient boosting (J. Friedman, Computational Statistics & Data Analysis 38, 2002, 367), one round at a
 * time: a tree fitted to the errors so far on a part of the rows, and a little of it added to the prediction.
 */
export class BoostingRun {
  /** The constant before the first round. */
  readonly start: number;
  /** Prediction of all rows, those without weight too [n]. */
  readonly predicted: Float64Array;
  readonly #z: Float64Array;
  readonly #weights: Float64Array;
  readonly #grow: GrowTree;
  readonly #options: BoostingOptions;
  readonly #generator: Generator;
  readonly #forest: ForestBuilder;
  readonly #rows: Int32Array;
  readonly #residuals: Float64Array;
  readonly #bag: Float64Array;

  /**
   * @param weights zero for rows held out [n]
   * @param forest gets the trees, their leaves already multiplied by the learning rate
   */
  constructor(
    z: Float64Array,
    weights: Float64Array,
    grow: GrowTree,
    options: BoostingOptions,
    generator: Generator,
    forest: ForestBuilder,
  ) {
    this.#z = z;
    this.#weights = weights;
    this.#grow = grow;
    this.#options = options;
    this.#generator = generator;
    this.#forest = forest;
    this.#rows = Int32Array.from(weights.keys()).filter((i) => weights[i]! > 0);
    this.#residuals = new Float64Array(z.length);
    this.#bag = weights.slice();
    this.start = options.loss.start(z, weights);
    this.predicted = new Float64Array(z.length).fill(this.start);
  }

  /** Adds one tree. */
  advance(): void {
    const { loss, learningRate, rowShare } = this.#options;
    const z = this.#z;
    const { predicted } = this;
    const residuals = this.#residuals;
    const forest = this.#forest;
    for (let i = 0; i < z.length; i++) residuals[i] = z[i]! - predicted[i]!;
    loss.toPseudoResiduals(residuals, this.#weights);
    if (rowShare < 1) this.#drawBag(rowShare);
    const firstLeaf = forest.leafCount;
    const leafOf = this.#grow(residuals, this.#bag, this.#generator, forest);
    if (loss.leafValue !== null) this.#refineLeaves(leafOf, firstLeaf, loss.leafValue);
    for (let leaf = firstLeaf; leaf < forest.leafCount; leaf++)
      forest.setValue(leaf, learningRate * forest.valueOf(leaf));
    for (let i = 0; i < z.length; i++) predicted[i]! += forest.valueOf(leafOf[i]!);
  }

  #drawBag(rowShare: number): void {
    const rows = this.#rows;
    const bag = this.#bag;
    const count = Math.max(1, Math.floor(rowShare * rows.length));
    bag.fill(0);
    for (let k = 0; k < count; k++) {
      const other = k + this.#generator.integer(rows.length - k);
      const row = rows[other]!;
      rows[other] = rows[k]!;
      rows[k] = row;
      bag[row] = this.#weights[row]!;
    }
  }

  #refineLeaves(
    leafOf: Int32Array,
    firstLeaf: number,
    leafValue: NonNullable<BoostingLoss['leafValue']>,
  ): void {
    const members = Array.from({ length: this.#forest.leafCount - firstLeaf }, (): number[] => []);
    for (let i = 0; i < leafOf.length; i++) if (this.#bag[i]! > 0) members[leafOf[i]! - firstLeaf]!.push(i);
    members.forEach((rows, k) => {
      const errors = Float64Array.from(rows, (i) => this.#z[i]! - this.predicted[i]!);
      const weights = Float64Array.from(rows, (i) => this.#bag[i]!);
      this.#forest.setValue(firstLeaf + k, leafValue(errors, weights));
    });
  }
}
