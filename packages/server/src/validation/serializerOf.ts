import fastJsonStringify from 'fast-json-stringify';
import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/**
 * Turns answers into JSON text by the schema of a reply, with code made for that schema: what is not in the schema is
 * left out. That an answer follows its schema is the compiler's promise, checked by the tests of the API.
 */
export function serializerOf(reply: z.ZodType): (answer: unknown) => string {
  const schema = z.toJSONSchema(reply, { reused: 'inline', unrepresentable: 'any' }) as JsonSchema;
  return fastJsonStringify(plain(schema, (schema['$defs'] ?? {}) as Record<string, JsonSchema>));
}

/**
 * The part of a schema that says where things are. Values that may be of several kinds, and maps with keys of their
 * own, are written as they come.
 */
function plain(schema: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    return plain(definitions[reference.split('/').at(-1)!] ?? {}, definitions);
  }
  const { type, properties, items, required } = schema;
  if (type === 'array' && typeof items === 'object') {
    return { type, items: plain(items as JsonSchema, definitions) };
  }
  if (type === 'object' && properties !== undefined) {
    const parts = Object.entries(properties as Record<string, JsonSchema>);
    return {
      type,
      properties: Object.fromEntries(parts.map(([key, part]) => [key, plain(part, definitions)])),
      ...(required === undefined ? {} : { required }),
    };
  }
  return type === 'string' || type === 'boolean' || type === 'integer' || type === 'number' ? { type } : {};
}
