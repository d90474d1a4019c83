/**
 * `npm run mutate [-- options] [path …]`: mutation testing of domain/ and application/ with Stryker.
 *
 *   (nothing)      a sample of files, the same for the same --seed (1 when not given) and --lines (600)
 *   path …         files and folders, `domain/campaigns` for instance
 *   --all          everything; what an earlier run has found out about unchanged code is not run again
 *   --fresh        forgets what earlier runs have found out
 */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type PartialStrykerOptions, Stryker } from '@stryker-mutator/core';
import { reportOf } from './report.ts';
import { sampled, sourceFiles } from './sample.ts';

const FOLDERS = ['domain', 'application'];
const ROOT = process.cwd();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    lines: { type: 'string', default: '600' },
  },
});

const files = FOLDERS.flatMap((folder) => sourceFiles(ROOT, folder));
const isAsked = ({ path }: { readonly path: string }): boolean =>
  positionals.some((asked) => path === asked || path.startsWith(`${asked.replace(/\/$/, '')}/`));
const chosen =
  positionals.length > 0
    ? files.filter(isAsked)
    : values.all
      ? files
      : sampled(files, Number(values.lines), Number(values.seed));
if (chosen.length === 0)
  throw new Error(`no source file of ${FOLDERS.join(', ')} is meant by ${positionals.join(' ')}`);
console.log(
  `Mutating ${chosen.length} of ${files.length} files:\n  ${chosen.map(({ path }) => path).join('\n  ')}`,
);

const options: PartialStrykerOptions = {
  mutate: chosen.map(({ path }) => path),
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  // Mutants of what is evaluated as a module loads would each need a process of their own.
  ignoreStatic: true,
  ignorePatterns: ['dist', 'cdk.out', '.aisle', 'docs', 'coverage'],
  incremental: true,
  incrementalFile: 'node_modules/.cache/stryker-incremental.json',
  force: values.fresh,
  // It would be read with an API that TypeScript 7 has not; nothing in the sandbox is type-checked.
  tsconfigFile: 'none.json',
  tempDirName: 'node_modules/.cache/stryker',
  reporters: [],
  allowConsoleColors: false,
  logLevel: 'warn',
  concurrency: 2,
};
const mutants = await new Stryker(options).runMutationTest();
const inRun = new Set(chosen.map(({ path }) => path));
const outcomes = mutants
  .map((mutant) => ({ ...mutant, fileName: relative(ROOT, mutant.fileName) }))
  .filter(({ fileName }) => inRun.has(fileName));
console.log(reportOf(outcomes));
