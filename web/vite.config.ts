/**
 * Builds the web app into dist/web. Everything it loads is in there: no fonts, scripts or styles of others, so it
 * works in a store whose line reaches nothing but its own service, and the content policy can say so.
 */
import { join } from 'node:path';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

const WORKER = 'service-worker.js';

/** Files of public/ that belong to the shell. */
const PUBLIC_SHELL = ['/icon.svg', '/icon-maskable.svg', '/manifest.webmanifest'];

/** Tells the service worker the names of the files that this build has made. */
function shellFiles(): Plugin {
  return {
    name: 'aisle-shell-files',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[WORKER];
        if (worker?.type !== 'chunk') throw new Error(`the build has made no ${WORKER}`);
        const made = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
        const files = ['/', ...PUBLIC_SHELL, ...made.sort().map((name) => `/${name}`)];
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
    // Icons inlined as data would not be cached on their own.
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
