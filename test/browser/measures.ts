/** Figures of the page: how large, how soon usable, how smooth with a large table. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/sourceFiles.ts';
import { chooseFile, type Stage } from './stage.ts';

const assets = join(root, 'packages', 'web', 'dist');

/** Kilobytes of gzip that the browser was sent as scripts before and with the first chart. */
export async function measureSizes(stage: Stage): Promise<{ first: number; withCharts: number }> {
  const { context, page } = await stage.enter();
  const scripts = new Set<string>();
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.add(new URL(request.url()).pathname);
  });
  const size = (): number =>
    [...scripts].reduce((sum, path) => {
      const file = join(assets, `${path}.gz`);
      return sum + (existsSync(file) ? statSync(file).size : Infinity);
    }, 0) / 1000;
  await page.goto(stage.server.url);
  await page.getByRole('button', { name: 'Open the example' }).waitFor();
  const first = size();
  await page.goto(`${stage.server.url}/datasets/DST1?tab=relations`);
  await page.getByRole('img', { name: /against/ }).waitFor();
  await page.waitForTimeout(300);
  const withCharts = size();
  await context.close();
  return { first: Math.round(first), withCharts: Math.round(withCharts) };
}

/** Seconds from a ready server to a page where a file can be dropped, the fastest of three, each with an empty cache. */
export async function measureUsable(stage: Stage): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < 3; i++) {
    const context = await stage.browser.newContext();
    const { url } = await stage.server.client.call('createSignInLink', {});
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(url);
    await page.getByRole('button', { name: 'Open the example' }).waitFor();
    seconds.push((performance.now() - start) / 1000);
    await context.close();
  }
  return Math.min(...seconds);
}

const candidateRows = 100_000;

/** Milliseconds from a move of a brush over 100,000 rows to the painted frame: median and worst of 24 moves. */
export async function measureParallel(
  stage: Stage,
): Promise<{ rows: number; drawMs: number; brushMs: number; worstMs: number }> {
  const { context, page } = await stage.enter();
  const header = ['binder', 'filler', 'water', 'additive', 'speed', 'temperature', 'strength', 'cost'];
  const lines = Array.from({ length: candidateRows }, (_, i) =>
    header.map((_name, j) => ((((i + 1) * (2 * j + 3) * 7919) % 100_003) / 100).toFixed(1)).join(','),
  );
  await chooseFile(page, 'candidates.csv', [header.join(','), ...lines].join('\n'));
  await page.getByRole('heading', { name: 'candidates', level: 1 }).waitFor({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Relations' }).click();
  await page.getByRole('button', { name: 'All 100,000 rows' }).click({ timeout: 60_000 });
  const picture = page.getByRole('img', { name: /^100000 rows over/ });
  await picture.waitFor({ timeout: 90_000 });
  const times = await picture.evaluate(async (canvas) => {
    const svg = canvas.parentElement!.querySelector('svg')!;
    const box = svg.getBoundingClientRect();
    // The second axis of eight.
    const x = box.left + 48 + (box.width - 100) / 7;
    const send = (type: string, y: number): void => {
      const at = { clientX: x, clientY: box.top + y, pointerId: 1, bubbles: true, cancelable: true };
      svg.dispatchEvent(new PointerEvent(type, at));
    };
    // Only a real pointer can be captured.
    svg.setPointerCapture = () => {};
    const painted = (): Promise<void> =>
      new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const taken: number[] = [];
    send('pointerdown', 80);
    for (let i = 0; i < 25; i++) {
      const start = performance.now();
      send('pointermove', 90 + i * 8);
      await painted();
      taken.push(performance.now() - start);
    }
    send('pointerup', 282);
    return taken;
  });
  await page.getByText(/of 100,000 rows pass/).waitFor();
  await context.close();
  // The first move also draws the pale picture of all rows.
  const [drawMs = 0, ...moves] = times;
  const sorted = moves.toSorted((a, b) => a - b);
  return { rows: candidateRows, drawMs, brushMs: sorted[sorted.length >> 1]!, worstMs: sorted.at(-1)! };
}

const tableRows = 10_000;
const tableColumns = 40;

/** Frames a second while a table of 10,000 x 40 is scrolled for two seconds, whole and in the worst half second. */
export async function measureScroll(stage: Stage): Promise<{ mean: number; worst: number }> {
  const { context, page } = await stage.enter();
  const header = Array.from({ length: tableColumns }, (_, j) => `column ${j + 1} (g)`).join(',');
  const lines = Array.from({ length: tableRows }, (_, i) =>
    Array.from({ length: tableColumns }, (_, j) => (((i + 1) * (j + 7) * 7919) % 100_003) / 100).join(','),
  );
  await chooseFile(page, 'large.csv', [header, ...lines].join('\n'));
  await page.getByRole('heading', { name: 'large', level: 1 }).waitFor({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Table' }).click();
  await page.getByRole('row').nth(5).waitFor();
  const frames = (await page.evaluate(async () => {
    const table = document.querySelector('.dataTable')!;
    const times: number[] = [];
    const end = performance.now() + 2000;
    await new Promise<void>((resolve) => {
      const step = (now: number): void => {
        times.push(now);
        table.scrollTop += 260;
        if (times.length % 40 === 0) table.scrollLeft = (table.scrollLeft + 400) % 2000;
        if (now < end) requestAnimationFrame(step);
        else resolve();
      };
      requestAnimationFrame(step);
    });
    return times;
  })) as number[];
  const mean = ((frames.length - 1) / (frames.at(-1)! - frames[0]!)) * 1000;
  let worst = Infinity;
  for (let i = 0; i < frames.length; i++) {
    const j = frames.findIndex((time) => time >= frames[i]! + 500);
    if (j > 0) worst = Math.min(worst, ((j - i) / (frames[j]! - frames[i]!)) * 1000);
  }
  await context.close();
  return { mean, worst };
}
