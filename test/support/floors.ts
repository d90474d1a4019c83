/**
 * The floors of the project: for each folder what it may import, of the project and of the world. A folder that is
 * not in the table, and a line of the table that no file uses, each fail a test.
 */
import { posix } from 'node:path';
import { COMPUTED, importsOf } from './imports.ts';

export interface Floor {
  /** Floors it may import, by name (`#domain/…`). */
  readonly floors: readonly string[];
  /** Packages it may import; `@scope/*` for all of a scope. */
  readonly packages: readonly string[];
  /** Modules of Node it may import: a list, or all. Nothing that runs in a browser or decides anything has any. */
  readonly node: readonly string[] | 'all';
  /** Whether it may import what it only knows the name of when it runs. */
  readonly computed?: true;
}

export const FLOORS: Readonly<Record<string, Floor>> = {
  // How a country writes its telephone numbers, and the language of audiences (decision 14), as pure as the rest.
  domain: { floors: [], packages: ['libphonenumber-js', '@marcbachmann/cel-js'], node: [] },
  // The JSON Schemas of the API's description are derived from the contracts themselves.
  contracts: { floors: ['domain'], packages: ['valibot', '@valibot/to-json-schema'], node: [] },
  // Use cases that several functions share, and the ports that they declare. Bytes are hashed; nothing else is of Node.
  application: { floors: ['domain', 'contracts'], packages: [], node: ['crypto'] },
  // Products lie packed in one row, and a batch write that DynamoDB left undone is waited for.
  adapters: {
    floors: ['domain', 'application'],
    packages: ['@aws-sdk/*'],
    node: ['zlib', 'timers/promises'],
  },
  functions: {
    floors: ['domain', 'contracts', 'application', 'adapters'],
    packages: ['@middy/core', '@aws-lambda-powertools/*', 'aws-lambda', 'valibot', 'lossless-json'],
    node: ['crypto', 'timers/promises'],
  },
  lib: {
    floors: ['contracts'],
    packages: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'esbuild', 'vite'],
    node: 'all',
  },
  bin: { floors: ['lib'], packages: [], node: [] },
  // The face engine knows nothing of shops: pixels in, faces and vectors out.
  vision: { floors: [], packages: ['onnxruntime-node', 'sharp'], node: 'all' },
  // The demonstration chain is the simulated one, and it is set up as the command would set it up.
  local: {
    floors: ['domain', 'contracts', 'adapters', 'vision', 'sim', 'tools'],
    packages: [
      '@aws-sdk/*',
      'aws-lambda',
      'valibot',
      'jose',
      'oidc-provider',
      'dynalite',
      'tabler-ui',
      'esbuild',
    ],
    node: 'all',
    computed: true,
  },
  // The demonstration's camera frames are rendered, so that what is found in them is found in pixels.
  sim: { floors: ['domain', 'contracts'], packages: ['valibot', 'sharp'], node: [] },
  // The page is built by vite, whose configuration is the one file here that runs on Node.
  web: {
    floors: ['domain', 'contracts'],
    packages: ['preact', '@preact/*', 'uplot', 'valibot', 'oidc-client-ts', 'vite'],
    node: ['path'],
  },
  // Issuing keys and replaying letters are writes to tables and the log; a second way to write them would be a second truth.
  tools: {
    floors: ['domain', 'contracts', 'application', 'adapters'],
    packages: ['valibot', 'csv-parse'],
    node: 'all',
    computed: true,
  },
  bench: {
    floors: ['domain', 'contracts', 'application', 'adapters', 'functions', 'local', 'vision', 'test'],
    packages: [
      '@aws-sdk/*',
      'sharp',
      'valibot',
      '@bufbuild/cel',
      '@marcbachmann/cel-js',
      'esbuild',
      '@turf/*',
      'flatbush',
    ],
    node: 'all',
    computed: true,
  },
};

/** Folders of tests, which may look at everything, and of texts, which import nothing. */
export const NOT_FLOORS = ['test', 'docs', '.github'];

export interface Breach {
  readonly file: string;
  readonly specifier: string;
  readonly why: string;
}

const floorOf = (path: string): string => path.split('/')[0] ?? '';

/** A function is known by its folder; what lies beside the folders is shared by all. */
const functionOf = (path: string): string | undefined => /^functions\/([^/]+)\//.exec(path)?.[1];

/** The edge kit of all functions: HTTP, keys, tokens, caches. */
const SHARED = 'shared';

/** A file of a function that is not its handler: it declares what it needs as a port, and gets it passed in. */
const isFlow = (file: string): boolean => file.startsWith('functions/') && !file.endsWith('/handler.ts');

/** The chain and its stores are what every other subject of the domain is about. */
const isAboveChain = (file: string, target: string): boolean =>
  file.startsWith('domain/chain/') && !target.startsWith('domain/chain/');

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isAmong = (name: string, allowed: readonly string[]): boolean =>
  allowed.some((one) => one === name || (one.endsWith('/*') && name.startsWith(one.slice(0, -1))));

/** Why a file of a floor may not import something; undefined where it may. */
function whyNot(file: string, specifier: string): string | undefined {
  const here = floorOf(file);
  const floor = FLOORS[here];
  if (floor === undefined) return 'is in no floor';
  if (specifier === COMPUTED) return floor.computed ? undefined : 'is computed at run time';
  if (specifier.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), specifier));
    if (floorOf(target) !== here) return 'is reached across floors by path, not by name';
    const [mine, theirs] = [functionOf(file), functionOf(target)];
    if (theirs !== undefined && theirs !== mine && theirs !== SHARED) return 'is of another function';
    return isAboveChain(file, target) ? 'is above domain/chain' : undefined;
  }
  if (specifier.startsWith('#')) {
    const target = floorOf(specifier.slice(1));
    if (target === here) return 'is in the same floor, and reached by name';
    if (!floor.floors.includes(target)) return `is in ${target}`;
    return target === 'adapters' && isFlow(file) ? 'is an adapter, which handlers alone may wire' : undefined;
  }
  if (specifier.startsWith('node:')) {
    const name = specifier.slice('node:'.length);
    return floor.node === 'all' || floor.node.includes(name) ? undefined : 'is of Node';
  }
  return isAmong(packageOf(specifier), floor.packages) ? undefined : 'is a package of another floor';
}

/** Each import of a file that its floor does not allow. */
export function breachesOf(file: string, source: string): Breach[] {
  return importsOf(source).flatMap((specifier) => {
    const why = whyNot(file, specifier);
    return why === undefined ? [] : [{ file, specifier, why }];
  });
}
