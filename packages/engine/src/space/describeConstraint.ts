import type { Condition, Constraint } from '@athanor/schema';
import { listNames } from '../listNames.ts';

/** A plain sum of more ingredients than this is told by the first of them. */
const mostWritten = 4;

/** A constraint as a clause of a sentence, e.g. `the sum of resin, wax is between 10 and 20`. */
export function describeConstraint(constraint: Constraint): string {
  const { name } = constraint;
  const text = phrase(constraint);
  return name === undefined ? text : `${name} (${text})`;
}

function phrase(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'total':
      return `${constraint.keys === undefined ? 'all amounts' : listNames(constraint.keys)} add up to ${constraint.value}`;
    case 'linear': {
      const relation = { lte: 'at most', gte: 'at least', eq: 'exactly' }[constraint.operator];
      const isPlain = constraint.terms.every(({ coefficient }) => coefficient === 1);
      if (isPlain && constraint.terms.length > mostWritten) {
        const keys = constraint.terms.slice(0, mostWritten - 1).map(({ key }) => key);
        const more = constraint.terms.length - keys.length;
        return `the sum of ${keys.join(', ')} and ${more} more is ${relation} ${constraint.value}`;
      }
      const sum = constraint.terms.reduce((text, { key, coefficient }, i) => {
        const size = Math.abs(coefficient) === 1 ? '' : `${Math.abs(coefficient)} `;
        const sign = coefficient < 0 ? (i === 0 ? '−' : ' − ') : i === 0 ? '' : ' + ';
        return `${text}${sign}${size}${key}`;
      }, '');
      return `${sum} is ${relation} ${constraint.value}`;
    }
    case 'classTotal':
      return `the total of ${constraint.class} is ${range(constraint)}`;
    case 'ratio':
      return `the ratio of ${constraint.numerator.join(' + ')} to ${constraint.denominator.join(' + ')} is ${range(constraint)}`;
    case 'minimumIfUsed':
      return `${constraint.keys === undefined ? 'every ingredient' : listNames(constraint.keys)} is left out or at least ${constraint.value}`;
    case 'count':
      return `the number of ingredients used${constraint.class === undefined ? '' : ` of ${constraint.class}`}${constraint.keys === undefined ? '' : ` among ${listNames(constraint.keys)}`} is ${range(constraint)}`;
    case 'ifThen':
      return `if ${all(constraint.when)} then ${all(constraint.must)}`;
    case 'forbidden':
      return `never ${all(constraint.conditions)} together`;
    case 'fixed':
      return `${constraint.key} is ${constraint.value}`;
    case 'budget':
      return `the cost is ${range(constraint)}`;
    case 'exclude':
      return `not one of ${constraint.rows.length} rows made before`;
  }
}

function range({ min, max }: { min?: number | undefined; max?: number | undefined }): string {
  if (min !== undefined && max !== undefined) return `between ${min} and ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? 'free' : `at most ${max}`;
}

function all(conditions: readonly Condition[]): string {
  return conditions
    .map((condition) => {
      if ('used' in condition) return `${condition.key} is ${condition.used ? '' : 'not '}used`;
      const { is, key } = condition;
      if (is.operator === 'between') return `${key} is between ${is.value.min} and ${is.value.max}`;
      if (is.operator === 'in-set') return `${key} is one of ${is.value.join(', ')}`;
      const sign = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' }[is.operator];
      return `${key} ${sign} ${is.value}`;
    })
    .join(' and ');
}
