/** A seeded choice of source lines, so that a short mutation run estimates the score of all of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../simulation/random.ts';

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly lines: number;
}

/** Returns the TypeScript files below a folder, by path; none where the folder does not exist. */
export function sourceFiles(root: string, folder: string): SourceFile[] {
  let names: string[];
  try {
    names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => {
      const path = `${folder}/${name}`;
      return { path, lines: readFileSync(join(root, path), 'utf8').split('\n').length };
    });
}

/** Short enough that a sample meets many files, long enough that most statements are within one. */
const WINDOW_LINES = 12;

export interface Window {
  readonly path: string;
  /** Both included; lines count from 1. */
  readonly first: number;
  readonly last: number;
}

/** Returns random windows of twelve lines, the same for the same seed, as many as have about so many lines together. */
export function sampledWindows(files: readonly SourceFile[], lines: number, seed: number): Window[] {
  const random = seeded(seed);
  return files
    .flatMap(({ path, lines: length }) =>
      Array.from({ length: Math.ceil(length / WINDOW_LINES) }, (_, index) => ({
        window: {
          path,
          first: index * WINDOW_LINES + 1,
          last: Math.min(length, (index + 1) * WINDOW_LINES),
        },
        order: random.next(),
      })),
    )
    .sort((a, b) => a.order - b.order)
    .slice(0, Math.ceil(lines / WINDOW_LINES))
    .map(({ window }) => window);
}
