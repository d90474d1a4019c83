/**
 * Builds the web app into dist/web, by its own vite configuration. Apart from the stacks, so that whoever only
 * reads a template need not load vite.
 */
import { join } from 'node:path';
import { build } from 'vite';

export async function buildWebApp(): Promise<void> {
  await build({ root: join(import.meta.dirname, '..', 'web'), logLevel: 'warn' });
}
