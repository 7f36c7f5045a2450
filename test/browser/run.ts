/**
 * `npm run test:browser`: drives the page with Chromium through whole stories, checks it with axe in both lights, and
 * measures it. Ends with `N passed, N failed` and one JSON line of figures. An argument runs the stories whose name
 * contains it. Installs Chromium with apt-get when it is missing.
 */
import { buildPage } from '../../scripts/buildPage.ts';
import { type Complaints, openBrowser } from './openBrowser.ts';
import { measureParallel, measureScroll, measureSizes, measureUsable } from './measures.ts';
import { Stage } from './stage.ts';
import { cancelledBuild } from './stories/cancelledBuild.ts';
import { design } from './stories/design.ts';
import { example } from './stories/example.ts';
import { expiredSession } from './stories/expiredSession.ts';
import { loop } from './stories/loop.ts';
import { mixture } from './stories/mixture.ts';
import { molecules } from './stories/molecules.ts';
import { people } from './stories/people.ts';
import { phone } from './stories/phone.ts';
import { results } from './stories/results.ts';
import { serverRestart } from './stories/serverRestart.ts';
import { wrongFiles } from './stories/wrongFiles.ts';

const stories: Record<string, (stage: Stage) => Promise<'left out' | void>> = {
  example,
  wrongFiles,
  expiredSession,
  results,
  mixture,
  design,
  loop,
  molecules,
  people,
  cancelledBuild,
  serverRestart,
  phone,
};
const wanted = process.argv[2];

await buildPage(true);
const begin = performance.now();
const complaints: Complaints = { externalRequests: [], consoleErrors: [] };
const violations: string[] = [];
const browser = await openBrowser();
const stage = new Stage(browser, complaints, violations);
await stage.open();
const readyAt = performance.now();
let [passed, failed, leftOut] = [0, 0, 0];
const figures: Record<string, number> = {};
try {
  const usable = await measureUsable(stage);
  for (const [name, run] of Object.entries(stories)) {
    if (wanted !== undefined && !name.includes(wanted)) continue;
    const start = performance.now();
    const seconds = (): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    try {
      if ((await run(stage)) === 'left out') {
        leftOut++;
        console.log(`left out ${name}: its table is not on this machine`);
        continue;
      }
      passed++;
      console.log(`ok       ${name} (${seconds()})`);
    } catch (error) {
      failed++;
      console.log(`FAILED   ${name} (${seconds()})\n${error instanceof Error ? error.stack : String(error)}`);
    }
    for (const context of browser.contexts()) await context.close();
  }
  if (wanted === undefined) {
    const sizes = await measureSizes(stage);
    const scroll = await measureScroll(stage);
    const parallel = await measureParallel(stage);
    Object.assign(figures, {
      first_load_kb: sizes.first,
      first_load_with_charts_kb: sizes.withCharts,
      usable_seconds: Number(usable.toFixed(2)),
      scroll_fps: Number(scroll.mean.toFixed(1)),
      scroll_worst_fps: Number(scroll.worst.toFixed(1)),
      parallel_rows: parallel.rows,
      parallel_draw_ms: Math.round(parallel.drawMs),
      parallel_brush_ms: Math.round(parallel.brushMs),
      parallel_brush_worst_ms: Math.round(parallel.worstMs),
    });
  }
} finally {
  await browser.close();
  await stage.close();
}
for (const line of violations) console.log(`axe: ${line}`);
for (const line of complaints.consoleErrors) console.log(`console: ${line}`);
for (const line of complaints.externalRequests) console.log(`external: ${line}`);
const isSmall =
  wanted !== undefined ||
  ((figures['first_load_kb'] ?? Infinity) <= 350 &&
    (figures['first_load_with_charts_kb'] ?? Infinity) <= 600);
if (!isSmall) console.log('size: more than 350 KB of JavaScript before charts, or 600 KB with them');
const isClean =
  isSmall && violations.length + complaints.consoleErrors.length + complaints.externalRequests.length === 0;
process.exitCode = failed === 0 && isClean ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
console.log(
  JSON.stringify({
    bench: 'browser',
    figures: {
      stories: passed + failed,
      failed,
      left_out: leftOut,
      axe_violations: violations.length,
      external_requests: complaints.externalRequests.length,
      console_errors: complaints.consoleErrors.length,
      ...figures,
      seconds: Math.round((performance.now() - begin) / 1000),
      ready_seconds: Number(((readyAt - begin) / 1000).toFixed(1)),
    },
  }),
);
