/**
 * `npm run mutate [-- options] [path …]`: mutation testing of domain/ and application/ with Stryker.
 *
 *   (nothing)      a sample of lines, the same for the same --seed (default 1) and --lines (default 600)
 *   path …         files and folders, `domain/campaigns` for instance
 *   --all          everything; what an earlier run has found out about unchanged code is not run again
 *   --fresh        forgets what earlier runs have found out
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type MutantOutcome, reportOf } from './report.ts';
import { sampledWindows, sourceFiles, type Window } from './sample.ts';

/** The part of Stryker's JSON report that is read here. */
interface Report {
  readonly files: Readonly<
    Record<string, { readonly mutants: ReadonlyArray<Omit<MutantOutcome, 'fileName'>> }>
  >;
}

const FOLDERS = ['domain', 'application'];
const HERE = import.meta.dirname;
const ROOT = join(HERE, '..', '..');

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
const chosen = positionals.length > 0 ? files.filter(isAsked) : files;
if (chosen.length === 0)
  throw new Error(`no source file of ${FOLDERS.join(', ')} is meant by ${positionals.join(' ')}`);
const isSample = positionals.length === 0 && !values.all;
const windows: Window[] = isSample
  ? sampledWindows(chosen, Number(values.lines), Number(values.seed))
  : chosen.map(({ path, lines }) => ({ path, first: 1, last: lines }));
console.log(
  `Mutating ${isSample ? `${values.lines} random lines of ` : ''}${chosen.length} files (seed ${values.seed})`,
);

if (!existsSync(join(HERE, 'node_modules'))) {
  console.log('Installing Stryker (once; from the npm registry only) …');
  const { status } = spawnSync('npm', ['ci'], { cwd: HERE, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
const mutate = windows.map(({ path, first, last }) => `${path}:${first}-${last}`).join();
const command = [
  'run',
  join(HERE, 'stryker.config.json'),
  '--mutate',
  mutate,
  ...(values.fresh ? ['--force'] : []),
];
const { status } = spawnSync(join(HERE, 'node_modules', '.bin', 'stryker'), command, {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (status !== 0) process.exit(status ?? 1);

// The report also holds what earlier runs have found out about other lines.
const isInRun = ({ fileName, location }: MutantOutcome): boolean =>
  windows.some(
    ({ path, first, last }) =>
      path === fileName && first <= location.start.line && location.start.line <= last,
  );
const report = JSON.parse(
  readFileSync(join(ROOT, 'node_modules', '.cache', 'mutation.json'), 'utf8'),
) as Report;
const outcomes = Object.entries(report.files)
  .flatMap(([fileName, { mutants }]) => mutants.map((mutant) => ({ ...mutant, fileName })))
  .filter(isInRun);
console.log(reportOf(outcomes));
