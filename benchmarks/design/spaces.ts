/**
 * The promises about search spaces on many random ones: every candidate is exactly feasible by independent code, and
 * every infeasible space is explained by a set whose removal frees it. `node benchmarks/design/spaces.ts [count] [seed]`
 */
import { examineSpace } from '../../packages/engine/src/space/testing/examineSpace.ts';
import { randomSpace } from '../../packages/engine/src/space/testing/randomSpace.ts';
import { createGenerator } from '../../packages/engine/src/random/createGenerator.ts';
import { loadHighs } from '../../packages/engine/src/space/loadHighs.ts';

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
const solver = await loadHighs();
const totals = {
  feasible: 0,
  infeasible: 0,
  candidates: 0,
  wrong: 0,
  explained: 0,
  minimal: 0,
  disagreements: 0,
  failures: 0,
};
const start = performance.now();
let slowest = 0;
for (let i = 0; i < count; i++) {
  const generator = createGenerator(`${seed}/${i}`);
  const space = randomSpace(generator);
  const began = performance.now();
  try {
    const found = examineSpace(space, solver, generator, 20);
    totals.disagreements += found.disagreements;
    if (found.isFeasible) {
      totals.feasible++;
      totals.candidates += found.candidates;
      totals.wrong += found.infeasibleCandidates;
      if (found.candidates === 0) totals.failures++;
    } else {
      totals.infeasible++;
      if (found.isExplained) totals.explained++;
      if (found.isMinimal) totals.minimal++;
    }
    if (found.disagreements > 0 || !found.isExplained || !found.isMinimal)
      console.log(`space ${seed}/${i}`, JSON.stringify(found));
  } catch (error) {
    totals.failures++;
    console.log(`space ${seed}/${i} failed: ${String(error).slice(0, 200)}`);
  }
  slowest = Math.max(slowest, performance.now() - began);
}
const figures = {
  problems: count,
  feasible_share: (totals.candidates - totals.wrong) / totals.candidates,
  explained_share: totals.explained / totals.infeasible,
  minimal_share: totals.minimal / totals.infeasible,
  ...totals,
  seconds: (performance.now() - start) / 1000,
  slowest_seconds: slowest / 1000,
};
console.log(JSON.stringify({ bench: 'design-spaces', figures }));
