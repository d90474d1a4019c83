/**
 * Photographs for the demonstration's cameras: the faces that the npm package `tabler-ui` ships for its own
 * demonstration, one person each. They are read from the installed package and copied nowhere.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const FOLDERS = ['female', 'male'] as const;

/** Returns the JPEG files, alternating between the package's two folders. */
export function photographs(): Uint8Array[] {
  const root = dirname(createRequire(import.meta.url).resolve('tabler-ui/package.json'));
  const lists = FOLDERS.map((folder) => {
    const dir = join(root, 'dist', 'demo', 'faces', folder);
    return readdirSync(dir)
      .filter((name) => name.endsWith('.jpg'))
      .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
      .map((name) => readFileSync(join(dir, name)));
  });
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
}
