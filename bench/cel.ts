/**
 * Compares CEL evaluators for campaign audiences: bundle size, speed and CEL's own conformance tests.
 *
 *   npm run bench:cel
 *
 * The conformance tests are those of google/cel-spec as packed by @bufbuild/cel-spec, without those on protocol buffers.
 * Every test whose expression is a valid audience must pass; exits with 1 otherwise.
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

const EMPTY_CUSTOMER: Person = {
  personId: 'p.0' as Person['personId'],
  createdAtMs: 0,
  links: [],
  consents: [],
  purchases: [],
  visits: [],
  pushes: [],
};
const PROFILE: Profile = {
  ...profileOf(EMPTY_CUSTOMER, {
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
  Object.entries(PROFILE).map(([name, value]) => [
    name,
    PROFILE_FIELDS[name as keyof Profile].type === 'int' ? BigInt(value) : value,
  ]),
);

type Evaluate = (fields: Record<string, unknown>) => unknown;

interface Evaluator {
  readonly name: string;
  /** The imports of a function that uses the evaluator, for the bundle size. */
  readonly entry: string;
  readonly compile: (text: string) => Evaluate;
}

/** Dynamic types, so that the conformance tests exercise the evaluator and not its type checker. */
const loose = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
const open = celEnv({ funcs: [...strings] });

const EVALUATORS: readonly Evaluator[] = [
  {
    name: '@marcbachmann/cel-js',
    entry: 'export { Environment } from "@marcbachmann/cel-js";',
    compile: (text) => loose.parse(text),
  },
  {
    name: '@bufbuild/cel',
    entry: 'export { celEnv, isCelError, parse, plan } from "@bufbuild/cel";',
    compile: (text) => {
      const evaluate = plan(open, parse(text));
      return (fields) => {
        const result = evaluate(fields as Parameters<typeof evaluate>[0]);
        if (isCelError(result)) throw new Error(result.message);
        return result;
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

/** Returns the microseconds of one call: the median of several rounds. */
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

/** Sections on the language itself; the others are on extensions and protocol buffers. */
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

/** Returns the expected result of a test as text with its type; undefined for kinds that are not compared here. */
function expectedOf({ evalError, value, typedResult }: SpecTest): string | undefined {
  if (evalError !== undefined) return ERROR;
  const expected = value ?? typedResult?.result;
  return expected === undefined ? 'bool true' : textOfExpected(expected);
}

function textOfExpected(value: Value): string | undefined {
  const [[kind, inner] = ['', undefined]] = Object.entries(value);
  if (kind === 'int64Value') return `int ${BigInt(String(inner))}`;
  if (kind === 'uint64Value') return `uint ${BigInt(String(inner))}`;
  if (kind === 'doubleValue') return `double ${Number(inner)}`;
  if (kind === 'stringValue') return `string ${String(inner)}`;
  if (kind === 'boolValue') return `bool ${String(inner)}`;
  if (kind === 'nullValue') return 'null';
  if (kind === 'listValue') {
    const items = ((inner as { values?: Value[] }).values ?? []).map(textOfExpected);
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  return undefined;
}

function textOfResult(value: unknown): string {
  if (typeof value === 'bigint') return `int ${value}`;
  if (typeof value === 'number') return `double ${value}`;
  if (typeof value === 'string') return `string ${value}`;
  if (typeof value === 'boolean') return `bool ${value}`;
  if (value === null) return 'null';
  if (isCelUint(value)) return `uint ${value.value}`;
  if (value?.constructor?.name === 'UnsignedInt') return `uint ${String(value)}`;
  if (isCelList(value) || Array.isArray(value)) return `[${[...value].map(textOfResult).join(', ')}]`;
  return isCelMap(value) ? 'map' : 'unknown type';
}

function bindingOf(value: Value): unknown {
  const [[kind, inner] = ['', undefined]] = Object.entries(value);
  if (kind === 'int64Value') return BigInt(String(inner));
  if (kind === 'listValue') return ((inner as { values?: Value[] }).values ?? []).map(bindingOf);
  if (kind === 'mapValue') {
    const { entries = [] } = inner as { entries?: Array<{ key: Value; value: Value }> };
    return new Map(entries.map((entry) => [bindingOf(entry.key), bindingOf(entry.value)]));
  }
  return inner;
}

function outcome(compile: Evaluator['compile'], test: SpecTest): string {
  try {
    const names = Object.entries(test.bindings ?? {}).map(([name, { value }]) => [name, bindingOf(value)]);
    return textOfResult(compile(test.expr)(Object.fromEntries(names)));
  } catch {
    return ERROR;
  }
}

const isOnProtobuf = (test: SpecTest): boolean =>
  /TestAllTypes|google\.protobuf/i.test(test.expr) ||
  (test.container ?? '') !== '' ||
  test.checkOnly === true ||
  test.unknown !== undefined;

async function conformance(): Promise<readonly string[]> {
  const packed = join(ROOT, 'node_modules/@bufbuild/cel-spec/dist/esm/testdata/conformance.js');
  const { tests } = (await import(packed)) as { readonly tests: Suite };
  const totals = { tests: 0, passed: EVALUATORS.map(() => 0), audiences: 0, failed: [] as string[] };
  console.log(
    `\n${'conformance'.padEnd(20)}${'tests'.padStart(6)}${EVALUATORS.map(({ name }) => name.padStart(22)).join('')}`,
  );
  for (const section of SECTIONS) {
    const suite = tests.suites?.find(({ name }) => name === section);
    if (suite === undefined) throw new Error(`the conformance tests have no section ${section}`);
    const usable = [...testsOf(suite)].flatMap((test) => {
      const expected = isOnProtobuf(test) ? undefined : expectedOf(test);
      return expected === undefined ? [] : [{ test, expected }];
    });
    const passed = EVALUATORS.map(
      ({ compile }) => usable.filter(({ test, expected }) => outcome(compile, test) === expected).length,
    );
    console.log(
      `${section.padEnd(20)}${String(usable.length).padStart(6)}${passed.map((count) => String(count).padStart(22)).join('')}`,
    );
    totals.tests += usable.length;
    passed.forEach((count, index) => {
      totals.passed[index] = (totals.passed[index] ?? 0) + count;
    });
    for (const { test, expected } of usable) {
      const result = asAudience(test, expected);
      if (result === undefined) continue;
      totals.audiences++;
      if (result !== expected) totals.failed.push(`${test.expr}: ${result} instead of ${expected}`);
    }
  }
  console.log(
    `${'total'.padEnd(20)}${String(totals.tests).padStart(6)}${totals.passed.map((count) => String(count).padStart(22)).join('')}`,
  );
  console.log(`\n${totals.audiences} of them are valid audiences; ${totals.failed.length} of these fail`);
  return totals.failed;
}

/** Evaluates a test as an audience. Returns undefined where its expression is not a valid audience. */
function asAudience(test: SpecTest, expected: string): string | undefined {
  if (expected !== ERROR && !expected.startsWith('bool ')) return undefined;
  const compiled = compileAudience(test.expr);
  if (compiled.kind === 'faulty') return undefined;
  const result = compiled.audience.isIn(PROFILE);
  return typeof result === 'boolean' ? `bool ${result}` : ERROR;
}

console.log(`${machine()}\n`);
console.log('size, minified');
for (const { name, entry } of EVALUATORS) {
  console.log(`  ${name.padEnd(22)} ${((await bundleBytes(entry)) / 1_000).toFixed(0).padStart(6)} kB`);
}
for (const text of AUDIENCES) {
  console.log(`\n${text}`);
  for (const { name, compile } of EVALUATORS) {
    const evaluate = compile(text);
    if (evaluate(FIELDS) !== compile(text)(FIELDS)) throw new Error('an audience is not deterministic');
    const compiling = microsOf(() => compile(text));
    const evaluating = microsOf(() => evaluate(FIELDS));
    console.log(
      `  ${name.padEnd(22)} compile ${compiling.toFixed(2).padStart(8)} µs   evaluate ${evaluating.toFixed(3).padStart(8)} µs`,
    );
  }
  const compiled = compileAudience(text);
  if (compiled.kind === 'faulty') throw new Error(compiled.faults[0]?.message);
  const compiling = microsOf(() => compileAudience(text));
  const evaluating = microsOf(() => compiled.audience.isIn(PROFILE));
  console.log(
    `  ${'Aisle, with checks'.padEnd(22)} compile ${compiling.toFixed(2).padStart(8)} µs   evaluate ${evaluating.toFixed(3).padStart(8)} µs   ≤ ${compiled.audience.stepsMax} steps`,
  );
}
const heaviest = compileAudience('products.exists(p, !(p in products))');
if (heaviest.kind === 'compiled') {
  const micros = microsOf(() => heaviest.audience.isIn(PROFILE));
  console.log(
    `\nan audience of ${heaviest.audience.stepsMax} steps: ${(micros / 1_000).toFixed(2)} ms, ${((micros * 1_000) / heaviest.audience.stepsMax).toFixed(0)} ns per step`,
  );
} else console.log(`\n${heaviest.faults[0]?.message}`);
const failed = await conformance();
for (const failure of failed) console.log(`FAILED  ${failure}`);
process.exit(failed.length > 0 ? 1 : 0);
