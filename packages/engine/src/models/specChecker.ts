import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import type { InputColumn } from './inputs.ts';

type KeyOf<Spec, Value> = { [K in keyof Spec]: Spec[K] extends Value ? K : never }[keyof Spec] & string;

/** Direction in which an input may move a prediction: 1 only up, -1 only down, 0 either. */
export type MonotoneDirections = { readonly [input: string]: number };

/**
 * Checks the values of a spec one by one. Every method refuses with the key and the values allowed.
 *
 * @throws EngineError with code OPTION_INVALID, from every method.
 */
export class SpecChecker<Spec extends object> {
  readonly #spec: Spec;
  readonly #inputs: readonly InputColumn[];

  constructor(spec: Spec, inputs: readonly InputColumn[]) {
    this.#spec = spec;
    this.#inputs = inputs;
  }

  refuse(key: keyof Spec & string, expectation: string): never {
    throw new EngineError('OPTION_INVALID', `${key} must be ${expectation}`, { field: key });
  }

  wholeNumber(key: KeyOf<Spec, number>, low: number, high: number): void {
    if (!isWhole(this.#spec[key], low, high)) this.refuse(key, `a whole number from ${low} to ${high}`);
  }

  wholeNumberOrNull(key: KeyOf<Spec, number | null>, low: number, high: number): void {
    const value = this.#spec[key];
    if (value !== null && !isWhole(value, low, high))
      this.refuse(key, `a whole number from ${low} to ${high}, or null`);
  }

  /** A share of something: above 0, at most 1. */
  share(key: KeyOf<Spec, number>): void {
    const value = this.#spec[key] as number;
    if (!(value > 0 && value <= 1)) this.refuse(key, 'above 0 and at most 1');
  }

  between(key: KeyOf<Spec, number>, low: number, high: number): void {
    const value = this.#spec[key] as number;
    if (!(value >= low && value <= high)) this.refuse(key, `between ${low} and ${high}`);
  }

  oneOf(key: KeyOf<Spec, string>, allowed: readonly string[]): void {
    if (!allowed.includes(this.#spec[key] as string)) this.refuse(key, `one of ${allowed.join(', ')}`);
  }

  /** The key of a numeric input, or null. */
  numericInput(key: KeyOf<Spec, string | null>): void {
    const value = this.#spec[key];
    if (value !== null && !this.#numericKeys().includes(value as string))
      this.refuse(key, `null or one of the numeric inputs ${listNames(this.#numericKeys())}`);
  }

  /** Directions 1, -1 or 0 by keys of numeric inputs. */
  directions(key: KeyOf<Spec, MonotoneDirections>): void {
    for (const [input, direction] of Object.entries(this.#spec[key] as MonotoneDirections)) {
      if (!this.#numericKeys().includes(input))
        this.refuse(
          key,
          `directions of numeric inputs, and ${input} is none; they are ${listNames(this.#numericKeys())}`,
        );
      if (![1, -1, 0].includes(direction))
        this.refuse(key, `1, -1 or 0 for each input, and is ${String(direction)} for ${input}`);
    }
  }

  #numericKeys(): string[] {
    return this.#inputs.filter(({ column }) => column.kind === 'numeric').map(({ column }) => column.key);
  }
}

function isWhole(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
}
