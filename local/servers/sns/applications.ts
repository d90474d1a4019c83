/** Platform applications: the app as a push service knows it. They are few, and never change. */
import type { DatabaseSync } from 'node:sqlite';
import { selectOne } from '../wire/database.ts';
import type { Platform } from './platforms.ts';

export interface Application {
  readonly id: number;
  readonly platform: Platform;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Applications {
  byName(platform: string, name: string): Application | undefined;
  byId(id: number): Application | undefined;
  create(platform: Platform, name: string, attributes: Readonly<Record<string, string>>): void;
}

interface Row extends Omit<Application, 'attributes'> {
  readonly attributes: string;
}

const applicationOf = (row: Row): Application => ({ ...row, attributes: JSON.parse(row.attributes) });

export function openApplications(db: DatabaseSync): Applications {
  const byName = db.prepare('SELECT * FROM applications WHERE platform = ? AND name = ?');
  const byId = db.prepare('SELECT * FROM applications WHERE id = ?');
  const insert = db.prepare('INSERT INTO applications (platform, name, attributes) VALUES (?, ?, ?)');
  const one = (row: Row | undefined) => row && applicationOf(row);
  return {
    byName: (platform, name) => one(selectOne<Row>(byName, platform, name)),
    byId: (id) => one(selectOne<Row>(byId, id)),
    create: (platform, name, attributes) => void insert.run(platform, name, JSON.stringify(attributes)),
  };
}
