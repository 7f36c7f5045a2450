import type { Variable, VariableOverride } from '@athanor/schema';

/**
 * What is to be said of a table about which somebody names targets: columns of numbers that reading took for something
 * else are targets by that word, and what it took for results by place and scatter alone is then looked at again. The
 * dataset stays as it is: it is the build that was asked this question.
 *
 * @param variables as read without this; what cannot be a target is left for planning to refuse, with its place
 */
export function nameTargets(variables: readonly Variable[], targets: readonly string[]): VariableOverride[] {
  return variables.flatMap(({ key, role, dataType, overridden }): VariableOverride[] => {
    const isOpen = role !== 'target' && dataType === 'numeric' && !overridden.includes('type');
    return isOpen && targets.includes(key) ? [{ key, role: 'target' }] : [];
  });
}
