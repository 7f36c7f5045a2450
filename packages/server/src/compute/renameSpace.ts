import type { Constraint, InputRow, SearchSpace, SpaceVariable } from '@athanor/schema';

type Condition = Extract<Constraint, { kind: 'forbidden' }>['conditions'][number];
/** A search space, or parts of one. */
export type PartOfSpace = {
  readonly [Part in keyof SearchSpace]?: SearchSpace[Part] | undefined;
};

/**
 * Gives every text in a search space another name. Levels that get the same name become one.
 *
 * @param rename a text of a column
 */
export function renameSpace<Space extends PartOfSpace>(
  space: Space,
  rename: (key: string, text: string) => string,
): Space {
  const { variables, constraints, candidates } = space;
  const renameRows = (rows: readonly InputRow[]): InputRow[] => rows.map((row) => renameRow(row, rename));
  const ofVariable = (variable: SpaceVariable): SpaceVariable =>
    variable.kind === 'category'
      ? { ...variable, levels: [...new Set(variable.levels.map((text) => rename(variable.key, text)))] }
      : variable;
  const ofValue = <Value>(key: string, value: Value): Value => {
    if (Array.isArray(value)) return value.map((one: unknown) => ofValue(key, one)) as Value;
    return typeof value === 'string' ? (rename(key, value) as Value) : value;
  };
  const ofCondition = (condition: Condition): Condition =>
    'is' in condition
      ? ({
          ...condition,
          is: { ...condition.is, value: ofValue(condition.key, condition.is.value) },
        } as Condition)
      : condition;
  const ofConstraint = (one: Constraint): Constraint => {
    switch (one.kind) {
      case 'fixed':
        return { ...one, value: ofValue(one.key, one.value) };
      case 'ifThen':
        return { ...one, when: one.when.map(ofCondition), must: one.must.map(ofCondition) };
      case 'forbidden':
        return { ...one, conditions: one.conditions.map(ofCondition) };
      case 'exclude':
        return { ...one, rows: renameRows(one.rows) };
      case 'budget':
        return one.levelPrices === undefined
          ? one
          : {
              ...one,
              levelPrices: Object.fromEntries(
                Object.entries(one.levelPrices).map(([key, prices]) => [
                  key,
                  Object.fromEntries(
                    Object.entries(prices).map(([text, price]) => [rename(key, text), price]),
                  ),
                ]),
              ),
            };
      default:
        return one;
    }
  };
  return {
    ...space,
    ...(variables === undefined ? {} : { variables: variables.map(ofVariable) }),
    ...(constraints === undefined ? {} : { constraints: constraints.map(ofConstraint) }),
    ...(candidates === undefined ? {} : { candidates: renameRows(candidates) }),
  };
}

export function renameRow(row: InputRow, rename: (key: string, text: string) => string): InputRow {
  return Object.fromEntries(
    Object.entries(row).map(([key, cell]) => [key, typeof cell === 'string' ? rename(key, cell) : cell]),
  );
}
