import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/{src,reference}/**/*.test.ts',
      'scripts/**/*.test.ts',
      'test/acceptance/**/*.test.ts',
    ],
    setupFiles: ['scripts/useRoutineBuild.ts'],
    // One module graph for all files: the suite has hundreds of small ones, and starting each anew costs more than it runs.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
