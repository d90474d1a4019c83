/**
 * PostGIS as a benchmark candidate, in a temporary cluster reached over a Unix socket and deleted afterwards. It uses the
 * machine's server and psql; nothing is installed.
 *
 * Queries follow common practice: a GiST index on boxes finds the candidates, then circles are tested on the sphere and
 * polygons on the plane, as in the local server. One backend, no parallel workers, no JIT, no syncing to disk.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { GeofenceGeometry, LngLat } from '#domain/chain/geometry.ts';
import { boundsOf } from '#domain/place/geo/geofence.ts';
import type { Form } from './geofence-world.ts';

export const HOW_TO_INSTALL = `PostGIS is not installed, so it is left out. On Debian 12:
  apt-get update && apt-get install postgresql-15 postgresql-15-postgis-3
Elsewhere: any PostgreSQL with PostGIS 3, with its bin folder in PATH. No server needs to be running.`;

/** The user that runs the server when the bench runs as root, which PostgreSQL refuses. */
const SERVER_USER = 'postgres';
const START_TRIES_MAX = 100;
const START_PAUSE_MS = 100;
const ROWS_PER_WRITE = 500;

export interface PostGis {
  /** Replaces the geofences and positions. */
  load(form: Form, fences: readonly GeofenceGeometry[], positions: readonly LngLat[]): Promise<void>;
  /** Joins all positions with the geofences in one statement. Returns the number of pairs and the time. */
  join(form: Form): Promise<Measured>;
  /** Executes a prepared statement for each of the first positions, like a service that receives them one by one. */
  oneByOne(form: Form, count: number): Promise<Measured>;
  readonly version: string;
  close(): Promise<void>;
}

export interface Measured {
  readonly found: number;
  readonly ms: number;
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts a temporary server. Returns undefined where PostgreSQL with PostGIS is not installed. Throws where it does not start. */
export async function startPostGis(): Promise<PostGis | undefined> {
  const bin = binFolder();
  if (bin === undefined) return undefined;
  const owner = ownerOf();
  if (owner === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'aisle-postgis-'));
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', SERVER_USER, '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale', 'C'],
    { ...owner, cwd: folder, stdio: 'ignore' },
  );
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-k', folder, ...SETTINGS.flatMap((setting) => ['-c', setting])],
    {
      ...owner,
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const session = openSession(bin, folder);
  const close = async () => {
    session.close();
    // Fast shutdown: open connections are closed.
    server.kill('SIGINT');
    await ended(server);
    rmSync(folder, { recursive: true, force: true });
  };
  // An interrupted bench must not leave the server running.
  const exit = () => void close().finally(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, exit);
  try {
    await untilReady(bin, folder);
    const available = await session.run(
      "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis';",
    );
    if (available.trim() === '0') {
      await close();
      return undefined;
    }
    const version = (await session.run('CREATE EXTENSION postgis; SELECT postgis_lib_version();')).trim();
    return { ...queriesOn(session), version, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const SETTINGS = [
  'listen_addresses=',
  'shared_buffers=512MB',
  'work_mem=64MB',
  'maintenance_work_mem=256MB',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'autovacuum=off',
  'jit=off',
  'max_parallel_workers_per_gather=0',
];

/** Returns the folder with initdb, postgres and psql. Debian has one per version, which is not in PATH. */
function binFolder(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return folders.find((folder) =>
    ['initdb', 'postgres', 'psql'].every((name) => existsSync(join(folder, name))),
  );
}

function ownerOf(): Owner | undefined {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number =>
    Number(
      execFileSync('id', [flag, SERVER_USER], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return undefined;
  }
}

async function untilReady(bin: string, folder: string): Promise<void> {
  for (let tries = 0; tries < START_TRIES_MAX; tries++) {
    try {
      execFileSync(join(bin, 'psql'), [...connection(folder), '-c', 'SELECT 1'], { stdio: 'ignore' });
      return;
    } catch {
      await wait(START_PAUSE_MS);
    }
  }
  throw new Error('PostgreSQL did not start');
}

const connection = (folder: string): string[] => ['-X', '-h', folder, '-U', SERVER_USER, '-d', 'postgres'];

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

interface Session {
  /** Runs statements and returns the output of psql. */
  run(sql: string): Promise<string>;
  copy(into: string, rows: Iterable<string>): Promise<void>;
  close(): void;
}

/** Opens a psql process, started with the first statement, which reads statements from its standard input. */
function openSession(bin: string, folder: string): Session {
  let psql: ReturnType<typeof start> | undefined;
  let marks = 0;
  const start = () => {
    const child = spawn(
      join(bin, 'psql'),
      [...connection(folder), '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1'],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    const output = { out: '', error: '', onOut: () => {}, onEnd: () => {} };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.out += text;
      output.onOut();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.error += text;
    });
    child.once('close', () => output.onEnd());
    // A write after psql has exited fails; its own error is reported instead.
    child.stdin.on('error', () => {});
    return { child, output };
  };
  const write = async (text: string) => {
    psql ??= start();
    const { stdin } = psql.child;
    if (!stdin.write(text)) await new Promise<void>((resolve) => stdin.once('drain', () => resolve()));
  };
  const result = async (): Promise<string> => {
    const mark = `mark ${marks++}\n`;
    await write(`\\echo ${mark}`);
    if (psql === undefined) throw new Error('psql is not running');
    const { output } = psql;
    return new Promise((resolve, reject) => {
      output.onOut = () => {
        if (!output.out.endsWith(mark)) return;
        const text = output.out.slice(0, -mark.length);
        output.out = '';
        resolve(text);
      };
      output.onEnd = () => reject(new Error(`psql ended: ${output.error.trim()}`));
      output.onOut();
    });
  };
  return {
    async run(sql) {
      await write(`${sql}\n`);
      return result();
    },
    async copy(into, rows) {
      await write(`COPY ${into} FROM STDIN;\n`);
      let chunk: string[] = [];
      for (const row of rows) {
        chunk.push(row);
        if (chunk.length < ROWS_PER_WRITE) continue;
        await write(`${chunk.join('\n')}\n`);
        chunk = [];
      }
      await write([...chunk, '\\.', ''].join('\n'));
      await result();
    },
    close: () => void psql?.child.stdin.end('\\q\n'),
  };
}

/** The condition that a geofence contains a position `p`, by form. */
const CONTAINS: Readonly<Record<Form, string>> = {
  circle: 'f.box && p.point AND ST_DWithin(f.centre, p.place, f.radius_m, false)',
  polygon: 'ST_Covers(f.area, p.point)',
};

function queriesOn(session: Session): Pick<PostGis, 'load' | 'join' | 'oneByOne'> {
  return {
    async load(form, fences, positions) {
      const columns = form === 'circle' ? 'box geometry, centre geography, radius_m float8' : 'area geometry';
      await session.run(`
        DROP TABLE IF EXISTS fences; DROP TABLE IF EXISTS positions; DEALLOCATE ALL;
        CREATE TABLE fences (id int, ${columns});
        CREATE TABLE positions (id int, point geometry, place geography);`);
      await session.copy('fences', rowsOf(fences));
      await session.copy(
        'positions',
        positions.map(({ lng, lat }, id) => [id, pointOf(lng, lat), pointOf(lng, lat)].join('\t')),
      );
      await session.run(`
        CREATE INDEX ON fences USING gist (${form === 'circle' ? 'box' : 'area'});
        VACUUM ANALYZE fences; VACUUM ANALYZE positions;
        PREPARE one (float8, float8) AS
          SELECT count(*) FROM fences f,
            (SELECT ST_SetSRID(ST_Point($1, $2), 4326) AS point, ST_SetSRID(ST_Point($1, $2), 4326)::geography AS place) p
          WHERE ${CONTAINS[form]};`);
    },
    async join(form) {
      const out = await session.run(`
        \\timing on
        SELECT count(*) FROM positions p JOIN fences f ON ${CONTAINS[form]};
        \\timing off`);
      return measured(out);
    },
    async oneByOne(_, count) {
      const points = (
        await session.run(`SELECT ST_X(point), ST_Y(point) FROM positions WHERE id < ${count} ORDER BY id;`)
      )
        .trim()
        .split('\n')
        .map((line) => line.split('|'));
      const statements = points.map(([lng, lat]) => `EXECUTE one (${lng}, ${lat});`);
      return measured(await session.run(['\\timing on', ...statements, '\\timing off'].join('\n')));
    },
  };
}

/** Sums the printed counts and times. psql measures the time from sending a statement to its result. */
function measured(out: string): Measured {
  const lines = out.split('\n');
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    found: sum(lines.filter((line) => /^\d+$/.test(line)).map(Number)),
    ms: sum(lines.flatMap((line) => /^Time: ([\d.]+) ms/.exec(line)?.[1] ?? []).map(Number)),
  };
}

const pointOf = (lng: number, lat: number): string => `SRID=4326;POINT(${lng} ${lat})`;

function* rowsOf(fences: readonly GeofenceGeometry[]): Iterable<string> {
  for (const [id, fence] of fences.entries()) {
    if (fence.kind === 'circle') {
      const { west, south, east, north } = boundsOf(fence);
      const box = polygonOf([
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ]);
      yield [id, box, pointOf(fence.centre.lng, fence.centre.lat), fence.radiusM].join('\t');
    } else {
      yield [id, polygonOf(fence.rings[0] ?? [])].join('\t');
    }
  }
}

const polygonOf = (ring: readonly (readonly number[])[]): string =>
  `SRID=4326;POLYGON((${ring.map((corner) => corner.join(' ')).join(', ')}))`;
