import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circlesOf } from './support/circles.ts';
import { breachesOf, FLOORS, NOT_FLOORS } from './support/floors.ts';
import { COMPUTED, importsOf } from './support/imports.ts';

const ROOT = join(import.meta.dirname, '..');
const CODE = /\.(?:[cm]?[jt]s|tsx)$/;
const NOT_OURS = new Set(['node_modules', 'dist', 'cdk.out', 'coverage', '.git']);

const foldersOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_OURS.has(entry.name))
    .map(({ name }) => name);

const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : CODE.test(entry.name) ? [path] : [];
  });

const sources = [...Object.keys(FLOORS), 'test'].flatMap(filesIn).map((file) => ({
  file,
  source: readFileSync(join(ROOT, file), 'utf8'),
}));
const ofFloors = sources.filter(({ file }) => !file.startsWith('test/'));

const LOOKS_AWAY =
  /\bas any\b|[:<|&,]\s*any\b(?=\s*(?:[,;)>=|&\]]|\[|$))|@ts-(?:ignore|expect-error|nocheck)|biome-ignore/;
const HAS_REASON = /biome-ignore\S* [\w/]+: \S|@ts-expect-error:? \S/;
const TEXTS_AND_PATTERNS = /'(?:\\.|[^'\\])*'|\/(?!\/)(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\])+\/[a-z]*/g;

/** The lines that ask a checker to look away and do not say why. */
function unexplainedIn(source: string): number[] {
  const lines = source.split('\n');
  return lines.flatMap((line, index) => {
    const isProse = /^\s*(?:\/\*|\*|\/\/)/.test(line);
    const code = isProse
      ? (/@ts-|biome-ignore/.exec(line)?.input ?? '')
      : line.replace(TEXTS_AND_PATTERNS, '');
    if (!LOOKS_AWAY.test(code)) return [];
    return HAS_REASON.test(line) || HAS_REASON.test(lines[index - 1] ?? '') ? [] : [index + 1];
  });
}

describe('the floors', () => {
  it('are all the folders that hold code', () => {
    const withCode = foldersOf('.').filter(
      (folder) => !NOT_FLOORS.includes(folder) && filesIn(folder).length > 0,
    );
    expect(withCode.sort()).toEqual(Object.keys(FLOORS).sort());
  });

  it('import what their table allows, and nothing else', () => {
    expect(ofFloors.flatMap(({ file, source }) => breachesOf(file, source))).toEqual([]);
  });

  it('import everything that their table allows', () => {
    const unused = Object.entries(FLOORS).flatMap(([floor, { floors, packages, node }]) => {
      const seen = new Set(
        ofFloors
          .filter(({ file }) => file.startsWith(`${floor}/`))
          .flatMap(({ source }) => importsOf(source)),
      );
      const isUsed = (beginning: string): boolean =>
        [...seen].some((one) => one === beginning || one.startsWith(`${beginning}/`));
      return [
        ...floors.filter((name) => !isUsed(`#${name}`)),
        ...packages.filter((name) => !isUsed(name.replace(/\/\*$/, ''))),
        ...(node === 'all' ? [] : node.filter((name) => !isUsed(`node:${name}`))),
      ].map((name) => `${floor}: ${name}`);
    });
    expect(unused).toEqual([]);
  });

  it('have no way in by another name', () => {
    const { imports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      imports: Record<string, string>;
    };
    for (const [name, path] of Object.entries(imports)) expect(path).toBe(`./${name.slice(1)}`);
  });
});

describe('the modules', () => {
  it('import each other in no circle', () => {
    expect(circlesOf(sources)).toEqual([]);
  });

  it('are reported with every planted circle, of types and through others alike', () => {
    const planted = (file: string, source: string) => ({ file, source });
    expect(
      circlesOf([
        planted('domain/a.ts', "import { b } from './b.ts';"),
        planted('domain/b.ts', "import type { C } from './sub/c.ts';"),
        planted('domain/sub/c.ts', "export { a } from '../a.ts';"),
        planted('contracts/d.ts', "import { a } from '#domain/a.ts';\nimport { e } from './e.ts';"),
        planted('contracts/e.ts', "import { a } from '#domain/a.ts';"),
      ]),
    ).toEqual([['domain/a.ts', 'domain/b.ts', 'domain/sub/c.ts']]);
  });
});

describe('a planted breach', () => {
  it.each([
    ['domain/place/fold.ts', "import { env } from '#contracts/env.ts';"],
    ['domain/place/fold.ts', "import type { Kinesis } from '@aws-sdk/client-kinesis';"],
    ['domain/place/fold.ts', "import { randomUUID } from 'node:crypto';"],
    ['domain/place/fold.ts', "import * as v from 'valibot';"],
    ['domain/place/fold.ts', "import { env } from '../../contracts/env.ts';"],
    ['domain/place/fold.ts', "import { allocate } from '#domain/chain/money.ts';"],
    ['domain/place/fold.ts', 'const m = await import(name);'],
    ['domain/chain/store.ts', "import type { Kpi } from '../place/figures/kpis.ts';"],
    ['application/visits/settle-visits.ts', "import { cut } from '#adapters/kinesis/event-log.ts';"],
    ['application/visits/settle-visits.ts', "import { Logger } from '@aws-lambda-powertools/logger';"],
    ['functions/roll-up/roll-up.ts', "import { batchGet } from '#adapters/dynamodb/cell-store.ts';"],
    ['functions/shared/ttl-cache.ts', "import { batchGet } from '#adapters/dynamodb/cell-store.ts';"],
    ['domain/place/fold.ts', "const { x } = require('fs');"],
    ['contracts/events.ts', "export { x } from '#adapters/kinesis/append.ts';"],
    ['contracts/events.ts', "import { Buffer } from 'node:buffer';"],
    ['contracts/events.ts', "import middy from '@middy/core';"],
    ['adapters/kinesis/event-log.ts', "import { httpHandler } from '#functions/shared/http.ts';"],
    ['adapters/kinesis/append.ts', "import { readFileSync } from 'node:fs';"],
    ['functions/count-events/count-events.ts', "import { KinesisClient } from '@aws-sdk/client-kinesis';"],
    ['functions/count-events/count-events.ts', "import { rollUp } from '../roll-up/roll-up.ts';"],
    ['functions/count-events/count-events.ts', "import { rollUp } from '#functions/roll-up/roll-up.ts';"],
    [
      'functions/count-events/count-events.ts',
      "import { startKinesis } from '#local/servers/kinesis/server.ts';",
    ],
    ['functions/shared/http.ts', "import { ingestReceipts } from '../ingest-receipts/ingest-receipts.ts';"],
    ['functions/count-events/count-events.ts', "export * from\n  // why not\n  '#lib/app.ts';"],
    ['functions/count-events/count-events.ts', "import { Stack } from 'aws-cdk-lib';"],
    ['lib/stacks/data-stack.ts', "import { handler } from '#functions/count-events/handler.ts';"],
    ['lib/stacks/data-stack.ts', "const file = import.meta.resolve('#functions/count-events/handler.ts');"],
    ['bin/cdk-app.ts', "import '#adapters/dynamodb/client.ts';"],
    ['local/cloud.ts', "import { declareAisle } from '#lib/app.ts';"],
    ['local/cloud.ts', "import { handler } from '../functions/count-events/handler.ts';"],
    ['sim/tills/receipts.ts', "import { documentClient } from '#adapters/dynamodb/client.ts';"],
    ['web/main.tsx', "import { documentClient } from '#adapters/dynamodb/client.ts';"],
    ['web/main.tsx', "import fs from 'node:fs';"],
    ['web/main.tsx', "type Local = typeof import('#local/cloud.ts');"],
    ['tools/aisle.ts', "import { handler } from '#functions/count-events/handler.ts';"],
    ['tools/aisle.ts', "import { memoryLog } from '#test/support/memory-log.ts';"],
    ['helpers/util.ts', "import './other.ts';"],
  ])('is caught: in %s, %s', (file, source) => {
    expect(breachesOf(file, `/** A module. */\n${source}\n`)).toHaveLength(1);
  });
});

describe('the scanner of imports', () => {
  it('finds every form of an import', () => {
    const source = `
      import a from 'a'; import "b"; import type { C } from 'c';
      import d, { type E } from
        'd';
      export { f } from 'f'; export * as g from 'g'; export type { H } from 'h';
      const i = await import('i'); type J = import('j').J; const k = require("k");
      const l = await import(\`l\`); const m = import.meta.resolve('m');`;
    expect(importsOf(source)).toEqual(['a', 'b', 'c', 'd', 'f', 'g', 'h', 'i', 'j', 'k', COMPUTED, 'm']);
  });

  it('takes nothing for an import that only speaks of one', () => {
    const source = `
      // import a from 'a';
      /* export * from 'b'; */
      const c = "import c from 'c'"; const d = 'it\\'s from "d"'; const e = \`from 'e'\`;
      const f = /['"]/.test(x) ? Array.from('f') : { from: 'g', import: 'h' };
      const quotient = 1 / 2; const pattern = /[/'"]from "i"/g; call(a / b, 'j' / k);`;
    expect(importsOf(source)).toEqual([]);
  });
});

describe('every file', () => {
  it('opens by saying what it is; a test says it by its names', () => {
    const silent = sources.filter(
      ({ file, source }) =>
        !/\.test\.tsx?$/.test(file) && !/^(?:#!.*\n)?\/\*\* ?\S|^(?:#!.*\n)?\/\*\*\n \* \S/.test(source),
    );
    expect(silent.map(({ file }) => file)).toEqual([]);
  });

  it('is finished: what is left to do is written where work is planned', () => {
    // Put together, so that this file does not find itself.
    const unfinished = new RegExp(`\\b(?:${['TO', 'FIX'].join('DO|')}ME|HA${'CK'})\\b`);
    expect(sources.filter(({ source }) => unfinished.test(source)).map(({ file }) => file)).toEqual([]);
  });

  it('gives a reason, on the line or the one above, wherever it asks the type checker or the linter to look away', () => {
    const unexplained = sources.flatMap(({ file, source }) =>
      unexplainedIn(source).map((line) => `${file}:${line}`),
    );
    expect(unexplained).toEqual([]);
  });

  it.each([
    ['const a = b as any;', 1],
    ['function f(a: any, b: Map<string, any>): any[] {}', 1],
    ['// @ts-expect-error', 1],
    ['// @ts-ignore: the types are wrong', 1],
    ['// biome-ignore lint/suspicious/noExplicitAny: a test may look at any part.\nconst a = b as any;', 0],
    ['const company = many; // any of them', 0],
    ["const text = 'as any';", 0],
  ])('is not let off: %j', (source, count) => {
    expect(unexplainedIn(source)).toHaveLength(count);
  });
});
