#!/usr/bin/env node
// Plain JavaScript on purpose: an older Node cannot even parse the TypeScript that would tell it to go.
import module from 'node:module';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Athanor needs Node 24 or newer; this is ${process.version}.\n` +
      'Inside the clone run it as "npx athanor" after "npm ci": that brings its own Node.',
  );
  process.exit(1);
}
module.enableCompileCache?.();
const { main } = await import('../src/main.ts');
await main(process.argv);
