import type { Preflight, Variable } from '@athanor/schema';
import type { BuildPlan } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';

const reasonOfRole: Readonly<Record<Exclude<Variable['role'], 'input'>, string>> = {
  target: 'it is a property that is not modelled here',
  group: 'it says which rows belong together',
  identifier: 'it names the rows',
  ignored: 'its role says so',
};

/** Columns of the table that take no part in a build, each with the reason in words. */
export function listLeftOut(
  { table, targets, inputs, ignore, group }: BuildRequest,
  plan: BuildPlan,
): Preflight['leftOut'] {
  const reasonOf = ({ key, role }: Variable): string => {
    if (key === group) return reasonOfRole.group;
    if (inputs !== undefined || ignore.includes(key)) return 'it was asked for';
    if (role !== 'input') return reasonOfRole[role];
    return plan.warnings.find(({ column }) => column === key)?.message ?? 'nothing can be learnt from it';
  };
  return table.variables
    .filter(({ key }) => !plan.inputs.includes(key) && !targets.includes(key))
    .map((variable) => ({ column: variable.key, reason: reasonOf(variable) }));
}
