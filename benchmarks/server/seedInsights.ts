import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { insightCategories } from '@athanor/schema';
import { openSqliteStore } from '../../packages/server/src/store/openSqliteStore.ts';
import { type InsightRow, insights } from '../../packages/server/src/store/repositories/insights.ts';
import { insightText } from '../../packages/server/src/store/repositories/insightText.ts';
import { startServer } from '../../packages/server/src/startServer.ts';
import { toJson } from '../../packages/server/src/store/json.ts';
import { takeNumbers } from '../../packages/server/src/store/takeNumbers.ts';

const words =
  `polymer tensile viscosity adhesion gloss catalyst resin hardener filler pigment solvent monomer thermal modulus
  fracture shear density porosity yield conversion selectivity film coating battery electrolyte cathode binder foam
  elastomer rheology surfactant emulsion particle dispersion cure temperature humidity exposure corrosion barrier`.split(
    /\s+/,
  );
const states = ['Complete', 'Complete', 'Complete', 'Error', 'Queued'];
const batch = 1000;

/** Makes a data directory with many insights of the first tenant, as if clients had posted them over a month. */
export async function seedInsights(folder: string, count: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const first = await startServer({ dataDirectory: folder, port: 0, log: 'none' });
  await first.close();
  const store = await openSqliteStore(join(folder, 'athanor.sqlite'));
  const start = Date.parse('2026-01-01T00:00:00.000Z');
  let seed = 1;
  const pick = <T>(list: readonly T[]): T => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return list[Math.floor((seed / 2 ** 32) * list.length)]!;
  };
  for (let done = 0; done < count; done += batch) {
    await store.transaction(async (transaction) => {
      const id = await takeNumbers(transaction, 'insight', batch);
      for (let i = 0; i < batch; i++) {
        const at = new Date(start + (done + i) * 25_000).toISOString();
        const tag = `tag${(done + i) % 50}`;
        const row: InsightRow = {
          id: id + i,
          tenantId: 1,
          name: `Insight ${pick(words)} ${pick(words)} ${done + i}`,
          category: insightCategories[(done + i) % insightCategories.length]!,
          state: pick(states),
          parentId: null,
          datasetId: null,
          modelSessionId: null,
          modelId: null,
          smartDatasetId: null,
          metadata: toJson({ tags: [tag], note: pick(words) }),
          outputKey: null,
          startTime: at,
          endTime: at,
          totalTime: '1.0 s',
          rawPayload: toJson({ candidates: [1, 2, 3, 4, 5].map((n) => ({ n, score: (done + i) / n })) }),
          payloadType: 'Breakthrough',
          registry: toJson({
            BuildLogs: {
              lines: Array.from({ length: 4 }, () => ({ message: `${pick(words)} of ${pick(words)}` })),
            },
            Metrics: { r2: 0.5 },
          }),
          contentEdited: null,
          isOurs: 0,
          createdBy: 1 + ((done + i) % 3),
          createdByName: 'Administrator',
          createdAt: at,
          updatedBy: 1,
          updatedByName: 'Administrator',
          updatedAt: at,
        };
        await insights.insert(transaction, row, [tag]);
        await insightText.put(transaction, row);
      }
    });
  }
  await store.close();
}
