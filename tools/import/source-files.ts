/** The files of an import, opened and bound to the mapping: the CSV, and the tables that it is joined to. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../command.ts';
import { openTable } from './csv-stream.ts';
import { findScattered, type Group, groups } from './grouping.ts';
import type { Mapping } from './mapping.ts';
import { bindMapping, type Recipe } from './receipt-mapper.ts';
import { type Cells, type JoinedTable, sourceReader } from './source-readers.ts';

export interface SourceFiles {
  readonly recipe: Recipe;
  readonly header: readonly string[];
  /** Every file that the receipts come from. */
  readonly paths: readonly string[];
  /** The first pass: finds the receipts whose rows do not stand together. */
  scattered(): Promise<ReadonlySet<string>>;
  /** The second pass. */
  groups(scattered: ReadonlySet<string>, afterRow: number): AsyncGenerator<Group>;
  /** How far the current pass has come, 0 … 1. */
  fraction(): number;
}

export async function openSourceFiles(csvPath: string, mapping: Mapping): Promise<SourceFiles> {
  const sizeBytes = sizeOf(csvPath);
  const open = () => openTable(csvPath, mapping.csv, sizeBytes);
  let table = await open();
  const joinPaths = Object.values(mapping.joins).map(({ file }) => resolve(dirname(csvPath), file));
  const joins = new Map<string, JoinedTable>();
  for (const [name, join] of Object.entries(mapping.joins)) {
    const path = resolve(dirname(csvPath), join.file);
    const joined = await openTable(path, join.csv, sizeOf(path));
    const keyAt = joined.header.indexOf(join.key);
    if (keyAt < 0) throw new UserError(`${path} has no column "${join.key}"`);
    const rows = new Map<string, Cells>();
    for await (const { cells, line } of joined.rows) {
      const key = (cells[keyAt] ?? '').trim();
      if (rows.has(key)) throw new UserError(`${path}: line ${line} has "${key}" a second time`);
      rows.set(key, cells);
    }
    const by = sourceReader(join.by, { header: table.header, joins: new Map() });
    joins.set(name, { header: joined.header, rows, by });
  }
  const recipe = bindMapping(mapping, { header: table.header, joins });
  const { header } = table;
  let isFresh = true;

  /** The rows from the start: of the table that was opened for its header, and of a new one ever after. */
  async function rewound(): Promise<typeof table> {
    if (!isFresh) table = await open();
    isFresh = false;
    return table;
  }

  return {
    recipe,
    header,
    paths: [csvPath, ...joinPaths],
    fraction: () => table.fraction(),
    async scattered() {
      if (recipe.keyOf === undefined) return new Set();
      return await findScattered((await rewound()).rows, recipe);
    },
    async *groups(scattered, afterRow) {
      yield* groups((await rewound()).rows, recipe, scattered, afterRow);
    },
  };
}

function sizeOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UserError(`there is no file ${path}`);
  if (!stats.isFile()) throw new UserError(`${path} is not a file`);
  return stats.size;
}
