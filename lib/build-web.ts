/** The build of the web app; a module of its own, so that reading a template does not load vite. */
import { join } from 'node:path';
import { build } from 'vite';

/** Builds the web app into dist/web by its own vite configuration. */
export async function buildWebApp(): Promise<void> {
  await build({ root: join(import.meta.dirname, '..', 'web'), logLevel: 'warn' });
}
