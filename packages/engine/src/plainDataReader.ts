import { EngineError } from './engineError.ts';
import type { PlainData } from './plainData.ts';

interface NumberLimits {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/**
 * Reads data of unknown origin step by step: every step checks, and names the path where the data is not what it
 * must be. What comes out has been looked at cell by cell, so nothing after it needs to check again.
 *
 * @throws EngineError with code ARTIFACT_INVALID, from every method.
 */
export class PlainDataReader {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path = 'model') {
    this.#value = value;
    this.#path = path;
  }

  fail(expectation: string): EngineError {
    return new EngineError('ARTIFACT_INVALID', `${this.#path} ${expectation}`, { field: this.#path });
  }

  field(name: string): PlainDataReader {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
      throw this.fail('must be an object');
    if (!Object.hasOwn(value, name)) throw this.fail(`lacks ${name}`);
    return new PlainDataReader((value as Record<string, unknown>)[name], `${this.#path}/${name}`);
  }

  list(maxLength = Infinity): PlainDataReader[] {
    if (!Array.isArray(this.#value)) throw this.fail('must be a list');
    if (this.#value.length > maxLength) throw this.fail(`must have at most ${maxLength} items`);
    return this.#value.map((item, i) => new PlainDataReader(item, `${this.#path}/${i}`));
  }

  /** The value as it is, for a reader of its own. */
  value(): PlainData {
    return this.#value as PlainData;
  }

  isNull(): boolean {
    return this.#value === null;
  }

  text(): string {
    if (typeof this.#value !== 'string') throw this.fail('must be text');
    return this.#value;
  }

  textOrNull(): string | null {
    return this.isNull() ? null : this.text();
  }

  /** An object whose members are all text. */
  texts(): { [name: string]: string } {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
      throw this.fail('must be an object');
    return Object.fromEntries(Object.keys(value).map((name) => [name, this.field(name).text()]));
  }

  boolean(): boolean {
    if (typeof this.#value !== 'boolean') throw this.fail('must be true or false');
    return this.#value;
  }

  oneOf<T extends string>(allowed: readonly T[]): T {
    if (!allowed.includes(this.#value as T)) throw this.fail(`must be one of ${allowed.join(', ')}`);
    return this.#value as T;
  }

  /** A finite number within `limits`, ends included. */
  number({ min = -Infinity, max = Infinity, integer = false }: NumberLimits = {}): number {
    const value = this.#value;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.fail('must be a finite number');
    if (integer && !Number.isInteger(value)) throw this.fail('must be a whole number');
    if (value < min || value > max) throw this.fail(`must be between ${min} and ${max}`);
    return value;
  }

  /** Finite 64-bit numbers within `limits`, `length` of them when that is given. */
  float64(length?: number, limits: NumberLimits = {}): Float64Array {
    if (!(this.#value instanceof Float64Array)) throw this.fail('must hold 64-bit numbers');
    return this.#checkCells(this.#value, length, limits);
  }

  int32(length?: number, limits: NumberLimits = {}): Int32Array {
    if (!(this.#value instanceof Int32Array)) throw this.fail('must hold 32-bit whole numbers');
    return this.#checkCells(this.#value, length, limits);
  }

  uint8(length?: number, limits: NumberLimits = {}): Uint8Array {
    if (!(this.#value instanceof Uint8Array)) throw this.fail('must hold bytes');
    return this.#checkCells(this.#value, length, limits);
  }

  #checkCells<T extends Float64Array | Int32Array | Uint8Array>(
    cells: T,
    length: number | undefined,
    { min = -Infinity, max = Infinity }: NumberLimits,
  ): T {
    if (length !== undefined && cells.length !== length)
      throw this.fail(`must have ${length} cells, has ${cells.length}`);
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      if (!Number.isFinite(cell)) throw this.fail(`must be finite, cell ${i} is ${cell}`);
      if (cell < min || cell > max)
        throw this.fail(`must be between ${min} and ${max}, cell ${i} is ${cell}`);
    }
    return cells;
  }
}
