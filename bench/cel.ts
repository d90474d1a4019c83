/**
 * Which evaluator of CEL reads our audiences? Size in a bundle, speed, and how each fares on CEL's own conformance tests.
 *
 *   npm run bench:cel
 *
 * The conformance tests are those of google/cel-spec as @bufbuild/cel-spec packs them, without what speaks of protocol
 * buffers. Of those that an audience may be written with, each has to come out right; ends with 1 where one does not.
 */
import { join } from 'node:path';
import { celEnv, isCelError, isCelList, isCelMap, isCelUint, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { Environment } from '@marcbachmann/cel-js';
import { build } from 'esbuild';
import { compileAudience } from '#domain/campaigns/audience.ts';
import type { Person } from '#domain/people/customers/customer.ts';
import { PROFILE_FIELDS, type Profile, profileOf } from '#domain/people/customers/profile.ts';
import { machine, percentile } from './support.ts';

const ROOT = join(import.meta.dirname, '..');

const AUDIENCES = [
  'true',
  'buys >= 2 && lastBuyDays <= 60',
  'spentLast90Days > 500 && !("A17" in products) && (weekday in [6, 7] || hour >= 17)',
  'products.exists(p, p.startsWith("B")) && !products.exists(p, p in ["A3", "A9", "C1"])',
];

const PRODUCTS = Array.from({ length: 100 }, (_, index) => `A${index}`);

const nobody: Person = {
  personId: 'p.0' as Person['personId'],
  createdAtMs: 0,
  links: [],
  consents: [],
  purchases: [],
  visits: [],
  pushes: [],
};
const SOMEBODY: Profile = {
  ...profileOf(nobody, {
    nowMs: Date.UTC(2026, 10, 22),
    storeId: 'sz01' as never,
    cityId: 'shenzhen' as never,
    timeZone: 'Asia/Shanghai',
  }),
  buys: 4,
  lastBuyDays: 12,
  spentLast90Days: 1_234.5,
  products: PRODUCTS,
};
const FIELDS = Object.fromEntries(
  Object.entries(SOMEBODY).map(([name, value]) => [
    name,
    PROFILE_FIELDS[name as keyof Profile].type === 'int' ? BigInt(value) : value,
  ]),
);

type Ask = (fields: Record<string, unknown>) => unknown;

interface Rival {
  readonly name: string;
  /** What a function of ours would import. */
  readonly entry: string;
  readonly read: (text: string) => Ask;
}

/** Types are left open, so that the tests meet the evaluator and not its checker. */
const loose = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
const open = celEnv({ funcs: [...strings] });

const RIVALS: readonly Rival[] = [
  {
    name: '@marcbachmann/cel-js',
    entry: 'export { Environment } from "@marcbachmann/cel-js";',
    read: (text) => loose.parse(text),
  },
  {
    name: '@bufbuild/cel',
    entry: 'export { celEnv, isCelError, parse, plan } from "@bufbuild/cel";',
    read: (text) => {
      const ask = plan(open, parse(text));
      return (fields) => {
        const answer = ask(fields as Parameters<typeof ask>[0]);
        if (isCelError(answer)) throw new Error(answer.message);
        return answer;
      };
    },
  },
];

async function bundleBytes(entry: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: ROOT },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  });
  return outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
}

const ROUNDS = 9;
const ROUND_MS = 80;

/** Microseconds of one call: the middle of several rounds. */
function microsOf(call: () => unknown): number {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    let calls = 0;
    while (performance.now() - started < ROUND_MS) {
      for (let i = 0; i < 50; i++) call();
      calls += 50;
    }
    rounds.push(((performance.now() - started) * 1_000) / calls);
  }
  return percentile(
    rounds.sort((a, b) => a - b),
    0.5,
  );
}

interface Value {
  readonly [kind: string]: unknown;
}
interface SpecTest {
  readonly expr: string;
  readonly value?: Value;
  readonly evalError?: unknown;
  readonly typedResult?: { readonly result?: Value };
  readonly bindings?: Readonly<Record<string, { readonly value: Value }>>;
  readonly container?: string;
  readonly checkOnly?: boolean;
  readonly unknown?: unknown;
}
interface Suite {
  readonly name: string;
  readonly suites?: readonly Suite[];
  readonly tests?: ReadonlyArray<{ readonly original: SpecTest }>;
}

/** Sections of the language itself; the rest is extensions and protocol buffers. */
const SECTIONS = [
  'basic',
  'comparisons',
  'conversions',
  'fields',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'parse',
  'plumbing',
  'string',
  'timestamps',
  'type_deductions',
];

function* testsOf(suite: Suite): Generator<SpecTest> {
  for (const { original } of suite.tests ?? []) yield original;
  for (const inner of suite.suites ?? []) yield* testsOf(inner);
}

const ERROR = 'error';

/** A value of the tests as a text that says its type, too; undefined for kinds that are not compared here. */
function wantedOf({ evalError, value, typedResult }: SpecTest): string | undefined {
  if (evalError !== undefined) return ERROR;
  const wanted = value ?? typedResult?.result;
  return wanted === undefined ? 'bool true' : written(wanted);
}

function written(value: Value): string | undefined {
  const [[kind, inner] = ['', undefined]] = Object.entries(value);
  if (kind === 'int64Value') return `int ${BigInt(String(inner))}`;
  if (kind === 'uint64Value') return `uint ${BigInt(String(inner))}`;
  if (kind === 'doubleValue') return `double ${Number(inner)}`;
  if (kind === 'stringValue') return `string ${String(inner)}`;
  if (kind === 'boolValue') return `bool ${String(inner)}`;
  if (kind === 'nullValue') return 'null';
  if (kind === 'listValue') {
    const items = ((inner as { values?: Value[] }).values ?? []).map(written);
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  return undefined;
}

function found(value: unknown): string {
  if (typeof value === 'bigint') return `int ${value}`;
  if (typeof value === 'number') return `double ${value}`;
  if (typeof value === 'string') return `string ${value}`;
  if (typeof value === 'boolean') return `bool ${value}`;
  if (value === null) return 'null';
  if (isCelUint(value)) return `uint ${value.value}`;
  if (value?.constructor?.name === 'UnsignedInt') return `uint ${String(value)}`;
  if (isCelList(value) || Array.isArray(value)) return `[${[...value].map(found).join(', ')}]`;
  return isCelMap(value) ? 'map' : 'something else';
}

function given(value: Value): unknown {
  const [[kind, inner] = ['', undefined]] = Object.entries(value);
  if (kind === 'int64Value') return BigInt(String(inner));
  if (kind === 'listValue') return ((inner as { values?: Value[] }).values ?? []).map(given);
  if (kind === 'mapValue') {
    const { entries = [] } = inner as { entries?: Array<{ key: Value; value: Value }> };
    return new Map(entries.map((entry) => [given(entry.key), given(entry.value)]));
  }
  return inner;
}

function outcome(read: Rival['read'], test: SpecTest): string {
  try {
    const names = Object.entries(test.bindings ?? {}).map(([name, { value }]) => [name, given(value)]);
    return found(read(test.expr)(Object.fromEntries(names)));
  } catch {
    return ERROR;
  }
}

const isOfProtobuf = (test: SpecTest): boolean =>
  /TestAllTypes|google\.protobuf/i.test(test.expr) ||
  (test.container ?? '') !== '' ||
  test.checkOnly === true ||
  test.unknown !== undefined;

async function conformance(): Promise<readonly string[]> {
  const packed = join(ROOT, 'node_modules/@bufbuild/cel-spec/dist/esm/testdata/conformance.js');
  const { tests } = (await import(packed)) as { readonly tests: Suite };
  const totals = { tests: 0, right: RIVALS.map(() => 0), ours: 0, wrong: [] as string[] };
  console.log(
    `\n${'conformance'.padEnd(20)}${'tests'.padStart(6)}${RIVALS.map(({ name }) => name.padStart(22)).join('')}`,
  );
  for (const section of SECTIONS) {
    const suite = tests.suites?.find(({ name }) => name === section);
    if (suite === undefined) throw new Error(`the conformance tests have no section ${section}`);
    const usable = [...testsOf(suite)].flatMap((test) => {
      const wanted = isOfProtobuf(test) ? undefined : wantedOf(test);
      return wanted === undefined ? [] : [{ test, wanted }];
    });
    const right = RIVALS.map(
      ({ read }) => usable.filter(({ test, wanted }) => outcome(read, test) === wanted).length,
    );
    console.log(
      `${section.padEnd(20)}${String(usable.length).padStart(6)}${right.map((count) => String(count).padStart(22)).join('')}`,
    );
    totals.tests += usable.length;
    right.forEach((count, index) => {
      totals.right[index] = (totals.right[index] ?? 0) + count;
    });
    for (const { test, wanted } of usable) {
      const ours = asAudience(test, wanted);
      if (ours === undefined) continue;
      totals.ours++;
      if (ours !== wanted) totals.wrong.push(`${test.expr}: ${ours} instead of ${wanted}`);
    }
  }
  console.log(
    `${'together'.padEnd(20)}${String(totals.tests).padStart(6)}${totals.right.map((count) => String(count).padStart(22)).join('')}`,
  );
  console.log(
    `\nof these, audiences may be written with ${totals.ours}; ${totals.wrong.length} come out wrong`,
  );
  return totals.wrong;
}

/** A test through our own door; undefined where an audience may not be written so. */
function asAudience(test: SpecTest, wanted: string): string | undefined {
  if (wanted !== ERROR && !wanted.startsWith('bool ')) return undefined;
  const compiled = compileAudience(test.expr);
  if (compiled.kind === 'faulty') return undefined;
  const answer = compiled.audience.isIn(SOMEBODY);
  return typeof answer === 'boolean' ? `bool ${answer}` : ERROR;
}

console.log(`${machine()}\n`);
console.log('size, minified');
for (const { name, entry } of RIVALS) {
  console.log(`  ${name.padEnd(22)} ${((await bundleBytes(entry)) / 1_000).toFixed(0).padStart(6)} kB`);
}
for (const text of AUDIENCES) {
  console.log(`\n${text}`);
  for (const { name, read } of RIVALS) {
    const ask = read(text);
    if (ask(FIELDS) !== read(text)(FIELDS)) throw new Error('an audience changes its mind');
    const reading = microsOf(() => read(text));
    const asking = microsOf(() => ask(FIELDS));
    console.log(
      `  ${name.padEnd(22)} read ${reading.toFixed(2).padStart(8)} µs   ask ${asking.toFixed(3).padStart(8)} µs`,
    );
  }
  const compiled = compileAudience(text);
  if (compiled.kind === 'faulty') throw new Error(compiled.faults[0]?.says);
  const reading = microsOf(() => compileAudience(text));
  const asking = microsOf(() => compiled.audience.isIn(SOMEBODY));
  console.log(
    `  ${'ours, checked'.padEnd(22)} read ${reading.toFixed(2).padStart(8)} µs   ask ${asking.toFixed(3).padStart(8)} µs   ≤ ${compiled.audience.stepsMax} steps`,
  );
}
const heaviest = compileAudience('products.exists(p, !(p in products))');
if (heaviest.kind === 'compiled') {
  const micros = microsOf(() => heaviest.audience.isIn(SOMEBODY));
  console.log(
    `\none of ${heaviest.audience.stepsMax} steps: ${(micros / 1_000).toFixed(2)} ms, ${((micros * 1_000) / heaviest.audience.stepsMax).toFixed(0)} ns a step`,
  );
} else console.log(`\n${heaviest.faults[0]?.says}`);
const wrong = await conformance();
for (const one of wrong) console.log(`WRONG  ${one}`);
process.exit(wrong.length > 0 ? 1 : 0);
