/**
 * Builds the web app into dist/web. It contains all fonts, scripts and styles, so the app works in a store network that
 * reaches only its own service, and the content security policy allows no other origin.
 */
import { join } from 'node:path';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

const WORKER = 'service-worker.js';

/** Files of public/ that belong to the shell. */
const PUBLIC_SHELL = ['/icon.svg', '/icon-maskable.svg', '/manifest.webmanifest'];

/** Inserts the names of the built files into the service worker. */
function shellFiles(): Plugin {
  return {
    name: 'aisle-shell-files',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[WORKER];
        if (worker?.type !== 'chunk') throw new Error(`the build produced no ${WORKER}`);
        const assets = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
        const files = ['/', ...PUBLIC_SHELL, ...assets.sort().map((name) => `/${name}`)];
        worker.code = worker.code.replace('__SHELL_FILES__', JSON.stringify(files));
      },
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact({ reactAliasesEnabled: false }), shellFiles()],
  build: {
    outDir: join(import.meta.dirname, '..', 'dist', 'web'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Inlined icons could not be cached separately.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: join(import.meta.dirname, 'index.html'),
        'service-worker': join(import.meta.dirname, 'service-worker.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? WORKER : 'assets/[name]-[hash].js'),
      },
    },
  },
});
