/**
 * `npm run test:faults [-- --seed 7]`: kills the server ten times and job processes ten times at random moments of
 * builds, crashes at every named point, kills it twelve times more while clients go around the loop, and prints what came of it. Ends with one line of JSON.
 */
import { crashPoints, FaultRun, isFaultless, stormPoints } from './faultRun.ts';

const at = process.argv.indexOf('--seed');
const seed = at < 0 ? Math.floor(Math.random() * 2 ** 31) : Number(process.argv[at + 1]);
console.log(`seed ${seed}`);

const run = new FaultRun(seed, 600, ({ fault, moment, outcome }) =>
  console.log(`${fault.padEnd(26)} ${moment.padEnd(30)} ${outcome.slice(0, 120)}`),
);
try {
  await run.prepare();
  for (let i = 0; i < 10; i++) await run.killServer();
  for (let i = 0; run.figures.child_kills < 10 && i < 30; i++) await run.killChild();
  for (const point of crashPoints) await run.crashAt(point);
  for (let i = 0; i < 12; i++) await run.storm();
  for (const point of stormPoints) await run.storm(point);
  const figures = await run.end();
  console.log(
    `\n${Object.entries(figures)
      .map(([name, value]) => `${name.padEnd(28)} ${value}`)
      .join('\n')}`,
  );
  console.log(JSON.stringify({ bench: 'faults', figures: { seed, ...figures } }));
  process.exitCode = isFaultless(figures) ? 0 : 1;
} catch (error) {
  console.error(error);
  await run.abandon();
  process.exitCode = 1;
}
