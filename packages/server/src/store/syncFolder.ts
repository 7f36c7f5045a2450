import { open } from 'node:fs/promises';

/** Makes the names in a folder durable: a renamed file may otherwise be gone after a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders, and its file system journals names by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
