/** Endpoints: one app on one phone each, looked up by token or by the id in the ARN. */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { select, selectOne } from '../wire/database.ts';

export interface Endpoint {
  readonly id: number;
  readonly applicationId: number;
  /** The last part of its ARN. */
  readonly endpointId: string;
  readonly token: string;
  readonly isEnabled: boolean;
  readonly userData: string;
  readonly createdAtMs: number;
}

type Changeable = Pick<Endpoint, 'token' | 'isEnabled' | 'userData'>;

export interface Endpoints {
  byEndpointId(endpointId: string): Endpoint | undefined;
  byToken(applicationId: number, token: string): Endpoint | undefined;
  /** Returns the endpoint with this token, of any application. */
  withToken(token: string): Endpoint | undefined;
  /** Returns the endpoints of all applications, in the order of their creation. */
  all(): Endpoint[];
  create(applicationId: number, endpoint: Changeable, nowMs: number): Endpoint;
  change(endpoint: Endpoint, to: Changeable): void;
  /** Deletes the endpoint with its deliveries. */
  delete(endpoint: Endpoint): void;
}

interface Row extends Omit<Endpoint, 'isEnabled'> {
  readonly enabled: number;
}

const COLUMNS = `id, application_id AS applicationId, endpoint_id AS endpointId, token, enabled,
  user_data AS userData, created_at_ms AS createdAtMs`;

const endpointOf = ({ enabled, ...row }: Row): Endpoint => ({ ...row, isEnabled: enabled === 1 });

/** Returns the endpoints of a database. */
export function openEndpoints(db: DatabaseSync): Endpoints {
  const byEndpointId = db.prepare(`SELECT ${COLUMNS} FROM endpoints WHERE endpoint_id = ?`);
  const byToken = db.prepare(`SELECT ${COLUMNS} FROM endpoints WHERE application_id = ? AND token = ?`);
  const withToken = db.prepare(`SELECT ${COLUMNS} FROM endpoints WHERE token = ? ORDER BY id LIMIT 1`);
  const all = db.prepare(`SELECT ${COLUMNS} FROM endpoints ORDER BY id`);
  const insert = db.prepare(`
    INSERT INTO endpoints (application_id, endpoint_id, token, enabled, user_data, created_at_ms)
    VALUES (?, ?, ?, ?, ?, ?) RETURNING ${COLUMNS}`);
  const update = db.prepare('UPDATE endpoints SET token = ?, enabled = ?, user_data = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM endpoints WHERE id = ?');
  const toEndpoint = (row: Row | undefined) => row && endpointOf(row);
  return {
    byEndpointId: (endpointId) => toEndpoint(selectOne<Row>(byEndpointId, endpointId)),
    byToken: (applicationId, token) => toEndpoint(selectOne<Row>(byToken, applicationId, token)),
    withToken: (token) => toEndpoint(selectOne<Row>(withToken, token)),
    all: () => select<Row>(all).map(endpointOf),
    create(applicationId, { token, isEnabled, userData }, nowMs) {
      const values = [applicationId, randomUUID(), token, isEnabled ? 1 : 0, userData, nowMs];
      const row = selectOne<Row>(insert, ...values);
      if (row === undefined) throw new Error('the insert returned no row');
      return endpointOf(row);
    },
    change: ({ id }, { token, isEnabled, userData }) =>
      void update.run(token, isEnabled ? 1 : 0, userData, id),
    delete: ({ id }) => void remove.run(id),
  };
}
