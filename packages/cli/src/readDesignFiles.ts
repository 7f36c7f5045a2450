import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type InputRow, ProblemError, SearchSpace } from '@athanor/schema';
import { designFromFile, readInputRows, type FileDesigner } from '@athanor/server';

/** The files that commands of design read. @throws ProblemError of what cannot be read */
export async function readDesignFiles(paths: {
  readonly table: string | null;
  readonly space: string | undefined;
  readonly pending: string | undefined;
}): Promise<{ designer: FileDesigner; space: SearchSpace | null; pending: InputRow[] }> {
  const { table } = paths;
  const designer = await designFromFile(
    table === null ? null : { bytes: await readFile(table), fileName: basename(table) },
  );
  return {
    designer,
    space: paths.space === undefined ? null : await readSpace(paths.space),
    pending:
      paths.pending === undefined
        ? []
        : await readInputRows(await readFile(paths.pending), basename(paths.pending), []),
  };
}

const remedy =
  'Start from what athanor space <table> --output space.json prints; docs/search-space.md tells each field.';

async function readSpace(path: string): Promise<SearchSpace> {
  const text = await readFile(path, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw ProblemError.of(
      'SPACE_INVALID',
      `${path} is no JSON: ${(error as Error).message}`,
      { file: path },
      remedy,
    );
  }
  const parsed = SearchSpace.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw ProblemError.of(
    'SPACE_INVALID',
    `${describePlace(issue!.path, json)}: ${issue!.message.replace('Invalid input: ', '')}`,
    { file: path, field: issue!.path.join('/') },
    remedy,
  );
}

/** `step of the variable "Cement"`: the field, and which variable or constraint it belongs to. */
function describePlace(path: readonly PropertyKey[], json: unknown): string {
  const [list, i, ...rest] = path.map(String);
  const field = rest.length === 0 ? '' : `${rest.join('/')} of `;
  if (i === undefined) return list === undefined ? 'the file' : `"${list}"`;
  const item = (json as Record<string, readonly Record<string, unknown>[]>)[list!]?.[Number(i)];
  const name = typeof item?.['key'] === 'string' ? `"${item['key']}"` : `no. ${Number(i) + 1}`;
  return `${field}${list!.replace(/s$/, '')} ${name}`;
}
