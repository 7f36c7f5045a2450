import type { SpaceVariable } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import type { CompiledVariable, LatticeVariable } from './compiledSpace.ts';
import { ceilingOfQuotient, decimalOf, digitsAt, floorOfQuotient, subtractDecimals } from './decimal.ts';

/** A continuous parameter is given in at least this many steps of a power of ten. */
const continuousSteps = 10_000;
/** A lattice of more points than this has a step by mistake. */
const maxSteps = 1e9;

/**
 * A variable as indices. Amounts are multiples of their step from zero, stepped parameters start at their lower bound,
 * continuous ones take round numbers of about five digits.
 *
 * @throws EngineError with code SPACE_INVALID when it can take no value or its numbers have too many digits
 */
export function compileVariable(variable: SpaceVariable, path: string): CompiledVariable {
  const refuse = (message: string): never => {
    throw new EngineError('SPACE_INVALID', `${variable.key} ${message}`, {
      field: path,
      column: variable.key,
    });
  };
  const { key } = variable;
  if (variable.kind === 'category' || variable.kind === 'discrete') {
    const values: readonly (number | string)[] =
      variable.kind === 'category' ? variable.levels : [...variable.values].sort((a, b) => a - b);
    if (new Set(values).size < values.length) refuse('lists a value twice');
    return {
      kind: 'list',
      key,
      lower: 0,
      upper: values.length - 1,
      values: values as readonly number[] | readonly string[],
      isAmount: false,
    };
  }
  if (variable.lower > variable.upper)
    refuse(`has a lower bound ${variable.lower} above its upper bound ${variable.upper}`);
  const isAmount = variable.kind === 'amount';
  const stepNumber =
    variable.step ??
    (variable.upper === variable.lower
      ? 1
      : Number(`1e${Math.floor(Math.log10((variable.upper - variable.lower) / continuousSteps))}`));
  const step = decimalOf(stepNumber);
  const lower = decimalOf(variable.lower);
  const upper = decimalOf(variable.upper);
  const isFromZero = isAmount || (variable.step === undefined && variable.upper > variable.lower);
  const base = isFromZero ? decimalOf(0) : lower;
  const first = Number(ceilingOfQuotient(subtractDecimals(lower, base), step));
  const last = Number(floorOfQuotient(subtractDecimals(upper, base), step));
  if (last < first)
    refuse(
      `has no multiple of its step ${stepNumber} between its bounds ${variable.lower} and ${variable.upper}`,
    );
  const scale = Math.max(base.scale, step.scale);
  const lattice: LatticeVariable = {
    kind: 'lattice',
    key,
    lower: first,
    upper: last,
    base: Number(digitsAt(base, scale)),
    step: Number(digitsAt(step, scale)),
    denominator: 10 ** scale,
    isAmount,
  };
  const farthest = Math.abs(lattice.base) + Math.max(Math.abs(first), Math.abs(last)) * lattice.step;
  if (scale > 15 || farthest > Number.MAX_SAFE_INTEGER)
    refuse('has bounds and a step of more digits than numbers hold; round them');
  if (last - first > maxSteps) refuse(`has ${last - first} steps between its bounds; take a larger step`);
  return lattice;
}
