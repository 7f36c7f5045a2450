/**
 * Runs after `npm ci`: builds the page where the tools for it are installed. Plain JavaScript, because an installation
 * without development packages has no Node of its own and may begin with an older one.
 */
import { existsSync } from 'node:fs';

if (existsSync(new URL('../node_modules/vite', import.meta.url))) {
  const { buildPage } = await import('./buildPage.ts');
  await buildPage(true);
}
