/**
 * Time and memory of a large run: 30 ingredients, at most 8 used, three targets, 100,000 compared, 20 chosen.
 * `node benchmarks/design/generate.ts [gaussianProcess+extraTrees]` for an ensemble of these kinds.
 */
import { generateCandidates } from '../../packages/engine/src/design/generateCandidates.ts';
import { mixtureProblem } from '../../packages/engine/src/design/testing/mixtureProblem.ts';
import { loadHighs } from '../../packages/engine/src/space/loadHighs.ts';

const solver = await loadHighs();
const problem = mixtureProblem(solver, 30, 8, 150, process.argv[2]);
const began = performance.now();
const cpu = process.cpuUsage();
const { candidates, generated } = generateCandidates(
  {
    space: problem.space,
    objectives: [
      { target: 'target 1', goal: 'maximize' },
      { target: 'target 2', goal: 'minimize' },
      { target: 'target 3', goal: 'meet', criterion: { operator: 'between', value: { min: 45, max: 55 } } },
    ],
    surrogates: problem.surrogates,
    errorCorrelation: null,
    errors: [],
    measured: problem.measured,
    pending: [],
    mode: 'balanced',
    generatedCount: 100_000,
    selectedCount: 20,
    diversity: 0.5,
    seed: 1,
  },
  { solver, progress: () => {} },
);
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({
    bench: 'design-generate',
    figures: {
      generated,
      selected: candidates.length,
      seconds,
      cpu_seconds: (user + system) / 1e6,
      megabytes,
    },
  }),
);
