/** Small tables and what is done with them again and again. */
import type { Answer, Json, TestServer } from './testServer.ts';

/** Thirty experiments with two amounts, a temperature and a hardness that depends on them. */
export const hardness = [
  'resin (g),hardener (g),temperature (C),hardness (HV)',
  ...Array.from({ length: 30 }, (_, i) => {
    const [resin, hardener, temperature] = [40 + i, 20 + ((i * 7) % 11), 60 + ((i * 13) % 50)];
    return `${resin},${hardener},${temperature},${(100 + 2 * i - 0.5 * hardener + 0.1 * temperature).toFixed(3)}`;
  }),
].join('\n');

export const hardnessTarget = 'hardness (HV)';

/** The first experiments of `hardness` as rows to predict. */
export function hardnessRows(count: number): Record<string, number>[] {
  const [header, ...lines] = hardness.split('\n').map((line) => line.split(','));
  return lines
    .slice(0, count)
    .map((cells) => Object.fromEntries(header!.slice(0, 3).map((key, j) => [key, Number(cells[j])])));
}

let files = 0;

/** Uploads a table and gives the key it lies under. */
export async function uploadTable(
  server: TestServer,
  content: string | Uint8Array<ArrayBuffer>,
  extension = 'csv',
): Promise<string> {
  const name = `tables/${(files += 1)}.${extension}`;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  await server.client.upload(name, bytes, 'text/csv');
  return name;
}

export async function createDataset(
  server: TestServer,
  content: string | Uint8Array<ArrayBuffer> = hardness,
  fields: Record<string, unknown> = {},
): Promise<Answer> {
  const key = await uploadTable(server, content);
  return server.send('POST', '/btdataset', { body: { name: 'a table', key, ...fields } });
}

/** An automatic session of a fresh dataset with the hardness table. */
export async function createSession(
  server: TestServer,
  fields: Record<string, unknown> = {},
  datasetId?: string,
): Promise<Answer> {
  const id = datasetId ?? (await createDataset(server)).body.albertId;
  return server.send('POST', '/btmodel', {
    body: { name: 'a session', category: 'albertModel', datasetId: id, target: [hardnessTarget], ...fields },
  });
}

/** Polls until a record is in one of the states. */
export async function waitForState(
  server: TestServer,
  path: string,
  states: readonly string[] = ['Complete', 'Error'],
  seconds = 150,
): Promise<Json> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const { body } = await server.send('GET', path);
    if (states.includes(body.state)) return body;
    if (performance.now() > end) throw new Error(`${path} is still ${body.state}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
