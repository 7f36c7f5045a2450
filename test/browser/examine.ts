import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
  }[];
}

/** Rules of accessibility that a page breaks, in the light and in the dark; one line each. */
export async function examine(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe);
  for (const light of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: light });
    await page.waitForTimeout(150);
    const { violations } = (await page.evaluate(
      'axe.run(document, { resultTypes: ["violations"] })',
    )) as AxeResults;
    for (const { id, nodes } of violations) {
      const [first] = nodes;
      found.push(
        `${name}, ${light}: ${id} × ${nodes.length}, e.g. ${first?.target.join(' ')} ${first?.failureSummary?.replace(/\s+/g, ' ').slice(0, 240)}`,
      );
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}
