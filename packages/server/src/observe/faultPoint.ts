/**
 * Named places where losing the process is most dangerous. With `CRASH_AT=<name>` in the environment the process
 * kills itself there the way a power cut would, so that tests can prove each place is safe; `CRASH_AT=<name>:<n>`
 * kills at the n-th passage.
 */
export const faultPoints = [
  'blob.written',
  'blob.synced',
  'blob.renamed',
  'transaction.beforeCommit',
  'transaction.afterCommit',
  'job.claimed',
  'task.midway',
  'task.stored',
  'task.committed',
  'artifact.stored',
  'insight.stored',
  'rows.stored',
  'migration.midway',
  'garbage.midway',
  'firstStart.credentials',
] as const;
export type FaultPoint = (typeof faultPoints)[number];

const [wanted, nth] = (process.env['CRASH_AT'] ?? '').split(':');
let passages = 0;

/** Kills this process when the environment asks for it here; otherwise one comparison of strings. */
export function faultPoint(name: FaultPoint): void {
  if (wanted !== name) return;
  passages += 1;
  if (passages >= Number(nth ?? 1)) process.kill(process.pid, 'SIGKILL');
}
