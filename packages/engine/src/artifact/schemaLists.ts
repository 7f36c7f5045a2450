import type { DataType, VariableType } from '@athanor/schema';

/** The words of the schema that an artifact may hold; the compiler keeps them equal to the schema's. */
const typesOfData: { readonly [K in DataType]: true } = {
  numeric: true,
  categorical: true,
  molecular: true,
  boolean: true,
};
const typesOfVariable: { readonly [K in VariableType]: true } = {
  material_amount: true,
  parameter: true,
  molecule: true,
  property: true,
};
export const schemaLists = {
  dataTypes: Object.keys(typesOfData) as DataType[],
  variableTypes: Object.keys(typesOfVariable) as VariableType[],
};
