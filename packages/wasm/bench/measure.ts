export interface Timing {
  /** Milliseconds of processor time a call. */
  readonly min: number;
  readonly median: number;
}

/** Processor milliseconds of this process so far: what other work on the machine takes away does not count. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Times `work`: warmed up, then in batches of a few milliseconds until `budgetMs` are spent, at least three batches.
 */
export function measure(work: () => void, budgetMs = 300): Timing {
  const first = processorMs();
  do work();
  while (processorMs() - first < Math.min(50, budgetMs / 4));
  let calls = 1;
  for (;;) {
    const start = processorMs();
    for (let i = 0; i < calls; i++) work();
    if (processorMs() - start > 3) break;
    calls *= 2;
  }
  const times: number[] = [];
  const begin = processorMs();
  while (processorMs() - begin < budgetMs || times.length < 3) {
    const start = processorMs();
    for (let i = 0; i < calls; i++) work();
    times.push((processorMs() - start) / calls);
  }
  times.sort((a, b) => a - b);
  return { min: times[0], median: times[Math.floor(times.length / 2)] };
}
