/**
 * The file that a running cloud writes so that the `aisle` command finds it. It is removed on a clean stop;
 * after a kill it remains, and the process id in it shows whether the cloud still runs.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CloudFile } from '#contracts/cloud-file.ts';
import { env } from '#contracts/env.ts';
import type { CloudDescription } from '../template/description.ts';
import { REGION } from '../template/names.ts';
import type { Endpoints } from './clients.ts';

interface StoredCloudFile extends Partial<CloudFile> {
  readonly pid: number;
}

export interface CloudLocation {
  readonly url: string;
  readonly endpoints: Endpoints;
  readonly dataDir: string | undefined;
}

/**
 * Returns the file's content. Names come from the functions' environment, so the command and the functions
 * agree.
 */
export function cloudFileOf(cloud: CloudDescription, { url, endpoints, dataDir }: CloudLocation): CloudFile {
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
      ...pick('deadLetters', env.deadLettersTable),
      ...pick('visits', env.visitsTable),
      ...pick('faces', env.facesTable),
      ...pick('people', env.peopleTable),
      ...pick('campaigns', env.campaignsTable),
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

/** Writes the file atomically: a command may read it at any time. */
export function writeCloudFile(path: string, file: CloudFile): void {
  const stored: StoredCloudFile = { ...file, pid: process.pid };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(stored, null, 2)}\n`);
  renameSync(`${path}.${process.pid}`, path);
}

/** Removes the file, unless another cloud has replaced it. */
export function removeCloudFile(path: string, url: string): void {
  const stored = readStored(path);
  if (stored?.pid === process.pid && stored.url === url) rmSync(path);
}

/** Returns the address of a cloud that runs on this data in another process, if there is one. */
export function runningCloud(path: string): string | undefined {
  const stored = readStored(path);
  return stored && stored.pid !== process.pid && isAlive(stored.pid) ? stored.url : undefined;
}

function readStored(path: string): StoredCloudFile | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StoredCloudFile;
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
