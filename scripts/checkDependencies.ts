/**
 * The house has floors, and imports only go down or stay: packages by the table of docs/architecture.md, rooms of
 * the engine by theirs. An import that climbs is a design error long before it is a cycle.
 */
import { dirname, posix } from 'node:path';
import { importsOf, readSourceFiles } from './sourceFiles.ts';

/** What each package may import: other packages of the house, and packages of the registry. */
const packages: Record<string, { house: string[]; registry: string[]; node: boolean }> = {
  schema: { house: [], registry: ['zod'], node: false },
  wasm: { house: [], registry: [], node: false },
  engine: {
    house: ['@athanor/wasm', '@athanor/schema'],
    registry: ['papaparse', 'hyparquet', 'hyparquet-compressors', 'highs'],
    node: false,
  },
  server: {
    house: ['@athanor/engine', '@athanor/schema', '@athanor/schema/client'],
    registry: [
      '@rdkit/rdkit',
      'better-sqlite3',
      'fast-json-stringify',
      'fastify',
      'fastify-type-provider-zod',
      '@fastify/swagger',
      '@fastify/swagger-ui',
      'hyparquet-writer',
      'jose',
      'kysely',
      'kysely/migration',
      'zod',
    ],
    node: true,
  },
  web: {
    house: ['@athanor/schema', '@athanor/schema/client'],
    registry: [
      '@fontsource-variable/inter',
      '@mantine/core',
      '@mantine/core/styles.css',
      '@mantine/hooks',
      '@tanstack/react-query',
      'echarts/charts',
      'echarts/components',
      'echarts/core',
      'echarts/renderers',
      'react',
      'react-dom',
      'react-dom/client',
      'zod',
    ],
    node: false,
  },
  cli: {
    house: ['@athanor/server', '@athanor/schema', '@athanor/schema/client'],
    registry: ['commander'],
    node: true,
  },
};

/** Rooms of the engine by floor; a room may import from lower floors and from itself. */
const engineFloors: Record<string, number> = {
  table: 0,
  linalg: 0,
  random: 0,
  special: 0,
  onnx: 0,
  optimize: 0,
  posteriors: 1,
  transforms: 1,
  space: 1,
  resampling: 2,
  scores: 2,
  kernels: 2,
  models: 3,
  selection: 4,
  explain: 4,
  acquisition: 4,
  design: 5,
  session: 5,
  artifact: 5,
  conformance: 6,
};

/** Files a room shares with the floor below it: plain types that lower rooms speak of. */
const sharedTypes = new Set(['packages/engine/src/engineError.ts', 'packages/engine/src/models/inputs.ts']);

const complaints: string[] = [];

for (const { path, text } of readSourceFiles()) {
  const [, packageName, , room] = path.split('/') as [string, string, string, string];
  const allowed = packages[packageName];
  if (allowed === undefined) {
    complaints.push(`${path}: package ${packageName} has no line in scripts/checkDependencies.ts`);
    continue;
  }
  const isTest = path.endsWith('.test.ts');
  for (const name of importsOf(text)) {
    if (name.startsWith('.')) {
      const target = posix.join(dirname(path), name);
      // The example is data; the page carries it along.
      const isExample = packageName === 'web' && /^examples\/[\w.-]+\?url$/.test(target);
      if (!target.startsWith(`packages/${packageName}/`) && !isExample) {
        complaints.push(`${path}: ${name} reaches into another package; import it by name`);
      } else if (packageName === 'engine' && !sharedTypes.has(target) && !path.endsWith('src/index.ts')) {
        const from = engineFloors[room];
        const targetRoom = target.split('/')[3]!;
        const to = engineFloors[targetRoom];
        if (to === undefined && !targetRoom.endsWith('.ts')) complaints.push(`${target}: room has no floor`);
        if (!isTest && from !== undefined && to !== undefined && room !== targetRoom && to > from) {
          complaints.push(`${path}: imports ${target}, which is ${to - from} floor(s) above it`);
        }
      }
    } else if (name.startsWith('node:')) {
      if (!allowed.node && !isTest)
        complaints.push(`${path}: ${name}; package ${packageName} touches nothing`);
    } else if (name.startsWith('@athanor/') || name === 'athanor') {
      if (!allowed.house.includes(name) && !isTest)
        complaints.push(`${path}: ${packageName} must not depend on ${name}`);
      if (packageName === 'engine' && name === '@athanor/schema' && !isTest) {
        const valueImport = new RegExp(`import\\s+(?!type\\b)[^;]*from\\s*'${name}'`);
        if (valueImport.test(text)) complaints.push(`${path}: the engine may import only types from ${name}`);
      }
    } else if (!isTest && !allowed.registry.includes(name)) {
      complaints.push(`${path}: ${name} is not a declared dependency of ${packageName}`);
    }
  }
}

for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
