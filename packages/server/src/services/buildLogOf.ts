import type { ModelRequest } from '@athanor/engine';
import type { BuildLog, BuildRequestLog } from '@athanor/schema';
import type { BuildOrder, PlanSummary } from '../compute/buildOrder.ts';
import type { Database } from '../store/database.ts';
import { fromJson } from '../store/json.ts';
import { type BuildRow, builds, type BuildTaskRow } from '../store/repositories/builds.ts';
import { version } from '../version.ts';

/** Everything needed to repeat a build, and its story so far. */
export async function buildLogOf(
  database: Database,
  build: BuildRow,
  artifacts: BuildLog['artifacts'] = [],
): Promise<BuildLog> {
  const order = fromJson<BuildOrder>(build.request);
  const summary = fromJson<PlanSummary>((await builds.find(database, build.id))?.summary ?? build.summary);
  return {
    version,
    dataHash: build.dataHash,
    seed: order.seed,
    arithmetic: summary?.arithmetic ?? 'none',
    inputs: [...(summary?.inputs ?? [])],
    group: summary?.group ?? order.group,
    question: order.question,
    request: requestLogOf(order),
    timings: timingsOf(order, await builds.listTasks(database, build.id)),
    artifacts,
    lines: (await builds.listLog(database, build.id)).map((entry) => entry.line),
    warnings: [...(summary?.warnings ?? [])],
  };
}

function requestLogOf({ source, targets, models, inputs, ignore }: BuildOrder): BuildRequestLog {
  const { fileName, readOptions, overrides } = source;
  return {
    fileName,
    readOptions,
    overrides: [...overrides],
    targets: [...targets],
    models: models.map(({ name, kind, spec, targets: own }) => ({
      name,
      kind,
      spec,
      ...(own === undefined ? {} : { targets: [...own] }),
    })),
    ...(inputs === undefined ? {} : { inputs: [...inputs] }),
    ignore: [...ignore],
  };
}

/** The order of a build from its log: the same models come out of it. */
export function orderOfLog(log: BuildLog, sessionId: string): BuildOrder {
  const { fileName, readOptions, overrides, targets, models, inputs, ignore } = log.request;
  return {
    source: { hash: log.dataHash, fileName, readOptions, overrides },
    targets,
    models: models as readonly ModelRequest[],
    ...(inputs === undefined ? {} : { inputs }),
    ignore,
    group: log.group,
    question: log.question,
    seed: log.seed,
    arithmetic: log.arithmetic as NonNullable<BuildOrder['arithmetic']>,
    repeats: { sessionId, version: log.version, artifacts: log.artifacts },
  };
}

/** Seconds of each model for each target, over its tasks that have ended well. */
function timingsOf({ models, targets }: BuildOrder, tasks: readonly BuildTaskRow[]): BuildLog['timings'] {
  return targets.flatMap((target, t) =>
    models.flatMap(({ name }, m) => {
      const done = tasks.filter((task) => task.target === t && task.model === m && task.status === 'done');
      if (done.length === 0) return [];
      const fits = done.reduce((sum, task) => sum + task.parts, 0);
      return [
        { model: name, target, fits, seconds: done.reduce((sum, task) => sum + (task.seconds ?? 0), 0) },
      ];
    }),
  );
}
