/** The web app as it is deployed, built before the tests (test/support/built.ts). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the folder of the built web app. @throws where the tests were started without building it */
export function builtWebDir(): string {
  const dir = join(import.meta.dirname, '..', '..', '..', 'dist', 'web');
  if (!existsSync(join(dir, 'index.html'))) throw new Error('the web app is not built: npm run build');
  return dir;
}
