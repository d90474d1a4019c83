/** A seeded choice of source files, so that a short run represents the whole. */
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

/** Returns files in a random order, as many as have together at least so many lines, or all. */
export function sampled(files: readonly SourceFile[], linesMin: number, seed: number): SourceFile[] {
  const random = seeded(seed);
  const shuffled = files
    .map((file) => ({ file, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ file }) => file);
  let lines = 0;
  const count = shuffled.findIndex((file) => {
    lines += file.lines;
    return lines >= linesMin;
  });
  return count === -1 ? shuffled : shuffled.slice(0, count + 1);
}
