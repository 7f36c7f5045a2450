import type { InputRow, SearchSpace } from '@athanor/schema';
import { moveAmount } from '../mixture/moveAmount.ts';
import { partsOf } from './partsOf.ts';

/**
 * A row with one amount set and the others that add up with it sharing the rest in their proportions, each in whole
 * steps of its own. What the steps leave over goes to the largest of them that takes it.
 *
 * @param held amounts that stay as they are
 * @returns null when the amount is no part of a total, or the others cannot take what is left
 */
export function shareAmounts(
  space: SearchSpace,
  row: InputRow,
  key: string,
  value: number,
  held: ReadonlySet<string> = new Set(),
): InputRow | null {
  const parts = partsOf(space);
  if (parts === null || !parts.keys.includes(key)) return null;
  const variables = parts.keys.map((one) => {
    const variable = space.variables.find((other) => other.key === one);
    return variable?.kind === 'amount' ? variable : null;
  });
  if (variables.includes(null)) return null;
  const amounts = parts.keys.map((one) => Number(row[one] ?? 0));
  const index = parts.keys.indexOf(key);
  const bounds = {
    // What is not used may stay out, whatever the least amount of it is.
    lower: variables.map((variable, i) => (amounts[i] === 0 ? 0 : Math.min(variable!.lower, amounts[i]!))),
    upper: variables.map((variable, i) => Math.max(variable!.upper, amounts[i]!, i === index ? value : 0)),
    total: parts.total,
  };
  const isHeld = new Set(parts.keys.flatMap((one, i) => (held.has(one) && i !== index ? [i] : [])));
  const moved = moveAmount(amounts, index, value, bounds, isHeld);
  if (Math.abs(moved[index]! - value) > 1e-9 * parts.total) return null;
  const next = moved.map((amount, i) =>
    i === index || isHeld.has(i) ? amount : inSteps(amount, variables[i]!.step, 0),
  );
  let rest = exact(parts.total - next.reduce((sum, amount) => sum + amount, 0));
  const takers = next
    .map((_, i) => i)
    .filter((i) => i !== index && !isHeld.has(i))
    .sort((a, b) => next[b]! - next[a]!);
  for (const i of takers) {
    if (rest === 0) break;
    const room = Math.min(bounds.upper[i]!, Math.max(bounds.lower[i]!, next[i]! + rest));
    const taken = inSteps(room, variables[i]!.step, rest);
    rest = exact(rest - (taken - next[i]!));
    next[i] = taken;
  }
  if (Math.abs(rest) > 1e-9 * parts.total) return null;
  return { ...row, ...Object.fromEntries(parts.keys.map((one, i) => [one, exact(next[i]!)])) };
}

/** The nearest whole number of steps, downwards for what adds and upwards for what takes away. */
function inSteps(amount: number, step: number, direction: number): number {
  const steps = amount / step;
  const whole =
    direction > 0 ? Math.floor(steps + 1e-9) : direction < 0 ? Math.ceil(steps - 1e-9) : Math.round(steps);
  return exact(whole * step);
}

/** Without the noise of binary fractions. */
function exact(value: number): number {
  const plain = Number(value.toFixed(9));
  return plain === 0 ? 0 : plain;
}
