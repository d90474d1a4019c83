/** What a mutation run found, as text: the score of each folder, and each mutant that no test kills. */

export interface MutantOutcome {
  readonly fileName: string;
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string | undefined;
  /** Lines count from 1. */
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

const REPLACEMENT_LENGTH_MAX = 70;

const isKilled = ({ status }: MutantOutcome): boolean => status === 'Killed' || status === 'Timeout';
const isSurvivor = ({ status }: MutantOutcome): boolean => status === 'Survived' || status === 'NoCoverage';
const folderOf = ({ fileName }: MutantOutcome): string => fileName.slice(0, fileName.lastIndexOf('/'));

/** Returns the percentage of mutants that a test kills, of all that could run; undefined where there are none. */
export function scoreOf(mutants: readonly MutantOutcome[]): number | undefined {
  const killed = mutants.filter(isKilled).length;
  const all = killed + mutants.filter(isSurvivor).length;
  return all === 0 ? undefined : (100 * killed) / all;
}

/** Returns one line per survivor, then one per folder, then the sum. */
export function reportOf(mutants: readonly MutantOutcome[]): string {
  const folders = [...new Set(mutants.map(folderOf))].sort();
  const row = (name: string, some: readonly MutantOutcome[]): string => {
    const killed = some.filter(isKilled).length;
    const survived = some.filter(isSurvivor).length;
    const score = scoreOf(some);
    const percent = score === undefined ? '–' : `${score.toFixed(1)} %`;
    return `${name.padEnd(36)} ${percent.padStart(8)}  ${killed} of ${killed + survived} killed`;
  };
  return [
    ...mutants.filter(isSurvivor).sort(byPlace).map(survivorLine),
    '',
    ...folders.map((folder) =>
      row(
        folder,
        mutants.filter((one) => folderOf(one) === folder),
      ),
    ),
    row('all', mutants),
  ].join('\n');
}

function byPlace(a: MutantOutcome, b: MutantOutcome): number {
  if (a.fileName !== b.fileName) return a.fileName < b.fileName ? -1 : 1;
  const [one, other] = [a.location.start, b.location.start];
  return one.line - other.line || one.column - other.column;
}

function survivorLine({ fileName, location, mutatorName, replacement, status }: MutantOutcome): string {
  const text = (replacement ?? '').replace(/\s+/g, ' ').slice(0, REPLACEMENT_LENGTH_MAX);
  const what = status === 'NoCoverage' ? 'not covered' : 'survived';
  return `${fileName}:${location.start.line}:${location.start.column} ${what}: ${mutatorName} → ${text}`;
}
