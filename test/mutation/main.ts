/**
 * `npm run mutate [-- options] [path …]`: mutation testing of domain/ and application/ with Stryker.
 *
 *   (nothing)      a sample of files, the same for the same --seed (1 when not given) and --lines (600)
 *   path …         files and folders, `domain/campaigns` for instance
 *   --all          everything; what an earlier run has found out about unchanged code is not run again
 *   --fresh        forgets what earlier runs have found out
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type MutantOutcome, reportOf } from './report.ts';
import { sampled, sourceFiles } from './sample.ts';

/** The part of Stryker's JSON report that is read here. */
interface Report {
  readonly files: Readonly<
    Record<string, { readonly mutants: ReadonlyArray<Omit<MutantOutcome, 'fileName'>> }>
  >;
}

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

const stryker = join(ROOT, 'node_modules', '.bin', 'stryker');
const mutate = chosen.map(({ path }) => path);
const { status } = spawnSync(
  stryker,
  ['run', '--mutate', mutate.join(), ...(values.fresh ? ['--force'] : [])],
  {
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
if (status !== 0) process.exit(status ?? 1);

const report = JSON.parse(
  readFileSync(join(ROOT, 'node_modules', '.cache', 'mutation.json'), 'utf8'),
) as Report;
const outcomes = Object.entries(report.files)
  .filter(([fileName]) => mutate.includes(fileName))
  .flatMap(([fileName, { mutants }]) => mutants.map((mutant) => ({ ...mutant, fileName })));
console.log(reportOf(outcomes));
