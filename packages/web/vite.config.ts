import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Run by scripts/buildPage.ts. Nothing is inlined into the document, so that the policy of the page can be strict. */
export const config = defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  logLevel: 'warn',
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3500', '/docs': 'http://127.0.0.1:3500' } },
});

// Vite reads its configuration from the default export.
export { config as default };
