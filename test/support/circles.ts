/**
 * Circles between modules. A type counts like any other import: two files that need each other's types are one idea in two
 * files, or one of the types is in the wrong place.
 */
import { posix } from 'node:path';
import { importsOf } from './imports.ts';

export interface Module {
  readonly file: string;
  readonly source: string;
}

const resolved = (file: string, specifier: string): string | undefined =>
  specifier.startsWith('#')
    ? specifier.slice(1)
    : specifier.startsWith('.')
      ? posix.normalize(posix.join(posix.dirname(file), specifier))
      : undefined;

/**
 * Returns the groups of files that import each other, directly or by way of others: the strongly connected components of
 * more than one file (R. Tarjan, SIAM J. Comput. 1(2), 1972), each sorted by name.
 */
export function circlesOf(modules: readonly Module[]): string[][] {
  const graph = new Map(
    modules.map(({ file, source }) => [
      file,
      importsOf(source).flatMap((specifier) => resolved(file, specifier) ?? []),
    ]),
  );
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];

  function visit(file: string): void {
    order.set(file, order.size);
    low.set(file, order.size - 1);
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue;
      if (!order.has(next)) visit(next);
      if (open.includes(next)) low.set(file, Math.min(low.get(file) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(file) !== order.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1) circles.push(circle.sort());
  }

  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}
