/** What `npm start --` may be told. */
import { parseArgs } from 'node:util';

export interface StartOptions {
  readonly dataDir: string | undefined;
  readonly port: number | undefined;
  readonly simulates: boolean;
  readonly isVerbose: boolean;
}

export type ParsedOptions =
  | { readonly kind: 'start'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistaken'; readonly why: string };

export const HELP = `Usage: npm start -- [options]

Runs all of Aisle on this machine: the functions, what they stand on, the API and the web app,
and a simulated day of a small chain to look at. No account, no Docker, nothing outside this folder.

  --data DIR     keep the state there, over restarts (otherwise it is forgotten on exit)
  --port N       listen on this port (otherwise PORT, or 4280 or the next one that is free)
  --no-sim       start with an empty chain: yours to import and to post to
  --verbose      also show every request and everything the functions print
  --help         this text
`;

const PORT_MAX = 65_535;

/** Reads the arguments; a port of the environment counts where no flag gives one. */
export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ParsedOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        sim: { type: 'boolean', default: true },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const port = values.port ?? (env['PORT'] || undefined);
    if (port !== undefined && !isPort(port)) return { kind: 'mistaken', why: `${port} is not a port` };
    return {
      kind: 'start',
      options: {
        dataDir: values.data,
        port: port === undefined ? undefined : Number(port),
        simulates: values.sim,
        isVerbose: values.verbose,
      },
    };
  } catch (error) {
    return { kind: 'mistaken', why: (error as Error).message };
  }
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= PORT_MAX;
}
