/** The options of `npm start --`. */
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
  | { readonly kind: 'invalid'; readonly why: string };

export const HELP = `Usage: npm start -- [options]

Runs all of Aisle on this machine: the functions, the AWS services they use, the API and the web app,
and a simulated day of a small chain. No account, no Docker, nothing outside this folder.

  --data DIR     keep the state in this folder over restarts (default: in memory)
  --port N       listen on this port (default: PORT, or 4280 or the next free one)
  --no-sim       start with an empty chain, to import and to post to
  --verbose      also print every request and the functions' full output
  --help         print this text
`;

const PORT_MAX = 65_535;

/** Parses the arguments; the PORT of the environment applies where no flag sets one. */
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
    if (port !== undefined && !isPort(port)) return { kind: 'invalid', why: `${port} is not a port` };
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
    return { kind: 'invalid', why: (error as Error).message };
  }
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= PORT_MAX;
}
