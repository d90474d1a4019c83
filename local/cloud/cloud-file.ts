/**
 * The note a running cloud leaves of itself, by which the `aisle` command finds it. It is taken away on a clean
 * stop; after a kill it stays, and the process it names tells whether anybody is still there.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CloudFile } from '#contracts/cloud-file.ts';
import { env } from '#contracts/env.ts';
import type { CloudDescription } from '../template/description.ts';
import { REGION } from '../template/names.ts';
import type { Endpoints } from './clients.ts';

interface Note extends Partial<CloudFile> {
  readonly pid: number;
}

export interface Whereabouts {
  readonly url: string;
  readonly endpoints: Endpoints;
  readonly dataDir: string | undefined;
}

/** Names come from the functions' environment: what a variable means to them it means to the command. */
export function cloudFileOf(cloud: CloudDescription, { url, endpoints, dataDir }: Whereabouts): CloudFile {
  const named: Readonly<Record<string, string>> = Object.assign({}, ...cloud.functions.map((one) => one.env));
  const pick = <Key extends string>(key: Key, variable: string) =>
    (named[variable] === undefined ? {} : { [key]: named[variable] }) as Partial<Record<Key, string>>;
  return {
    url,
    region: REGION,
    endpoints,
    ...(dataDir !== undefined && { dataDir }),
    tables: {
      ...pick('chain', env.chainTable),
      ...pick('devices', env.devicesTable),
      ...pick('facts', env.factsTable),
      ...pick('cells', env.cellsTable),
      ...pick('letters', env.lettersTable),
      ...pick('visits', env.visitsTable),
      ...pick('faces', env.facesTable),
      ...pick('people', env.peopleTable),
      ...pick('moments', env.momentsTable),
    },
    queues: {
      ...pick('cellsChanged', env.changesQueueUrl),
      ...pick('productsChanged', env.productChangesQueueUrl),
    },
    ...pick('stream', env.eventsStream),
    ...pick('collection', env.collectionId),
    ...pick('trackerName', env.trackerName),
    ...pick('fenceCollection', env.fenceCollection),
  };
}

/** Writes the note whole or not at all: a command may read at any moment. */
export function writeCloudFile(path: string, file: CloudFile): void {
  const note: Note = { ...file, pid: process.pid };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(note, null, 2)}\n`);
  renameSync(`${path}.${process.pid}`, path);
}

/** Takes the note away, unless another cloud has put its own there since. */
export function removeCloudFile(path: string, url: string): void {
  const note = readNote(path);
  if (note?.pid === process.pid && note.url === url) rmSync(path);
}

/** The address of a cloud that runs on this data in another process. */
export function runningCloud(path: string): string | undefined {
  const note = readNote(path);
  return note && note.pid !== process.pid && isAlive(note.pid) ? note.url : undefined;
}

function readNote(path: string): Note | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Note;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
