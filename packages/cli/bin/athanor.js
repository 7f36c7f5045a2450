#!/usr/bin/env node
// Plain JavaScript on purpose: an older Node cannot even parse the TypeScript that would tell it to go.
import module from 'node:module';
import v8 from 'node:v8';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Athanor needs Node 24 or newer; this is ${process.version}.\n` +
      'Inside the clone run it as "npx athanor" after "npm ci": that brings its own Node.',
  );
  process.exit(1);
}
module.enableCompileCache?.();
// Nearly all that modules make while they load stays: V8 would widen its space for the short-lived by 25 MB for it, and keep
// that in an idle server. From then on the space grows with the work.
v8.setFlagsFromString('--semi-space-growth-factor=1');
const { main } = await import('../src/main.ts');
v8.setFlagsFromString('--semi-space-growth-factor=2');
await main(process.argv);
