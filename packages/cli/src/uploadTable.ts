import { createHash } from 'node:crypto';
import type { Dataset, DatasetReadOptions } from '@athanor/schema';
import type { Client } from '@athanor/schema/client';

/** Uploads a file and makes a dataset of it; the server judges the table at once. */
export async function uploadTable(
  client: Client,
  fileName: string,
  bytes: Uint8Array<ArrayBuffer>,
  readOptions: DatasetReadOptions = {},
): Promise<Dataset> {
  const key = `tables/${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}/${fileName}`;
  await client.upload(key, bytes, 'application/octet-stream');
  return client.call('createDataset', { body: { name: fileName, key, fileName, readOptions } });
}
