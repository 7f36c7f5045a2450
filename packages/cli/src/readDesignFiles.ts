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

async function readSpace(path: string): Promise<SearchSpace> {
  const text = await readFile(path, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw ProblemError.of('SPACE_INVALID', `${path} is no JSON: ${(error as Error).message}`, { file: path });
  }
  const parsed = SearchSpace.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw ProblemError.of('SPACE_INVALID', issue!.message, { file: path, field: issue!.path.join('/') });
}
