import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where data lives unless said otherwise: `--data`, else ATHANOR_DATA, else `.athanor` in the home directory. */
export function dataDirectory(option: string | undefined): string {
  return resolve(option ?? process.env['ATHANOR_DATA'] ?? join(homedir(), '.athanor'));
}
