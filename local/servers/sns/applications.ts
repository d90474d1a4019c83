/** Platform applications: the app as it is registered with a push service. They never change. */
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
  /** Stores an application; its name must be new on its platform. */
  create(platform: Platform, name: string, attributes: Readonly<Record<string, string>>): void;
}

interface Row extends Omit<Application, 'attributes'> {
  readonly attributes: string;
}

const applicationOf = (row: Row): Application => ({ ...row, attributes: JSON.parse(row.attributes) });

/** Returns the applications of a database. */
export function openApplications(db: DatabaseSync): Applications {
  const byName = db.prepare('SELECT * FROM applications WHERE platform = ? AND name = ?');
  const byId = db.prepare('SELECT * FROM applications WHERE id = ?');
  const insert = db.prepare('INSERT INTO applications (platform, name, attributes) VALUES (?, ?, ?)');
  const toApplication = (row: Row | undefined) => row && applicationOf(row);
  return {
    byName: (platform, name) => toApplication(selectOne<Row>(byName, platform, name)),
    byId: (id) => toApplication(selectOne<Row>(byId, id)),
    create: (platform, name, attributes) => void insert.run(platform, name, JSON.stringify(attributes)),
  };
}
