/** `aisle token`: prints an access token of the local cloud's OIDC issuer, for curl and tests. Not available on AWS. */
import * as v from 'valibot';
import { CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, UserError } from '../command.ts';

const TokenResponse = v.object({ access_token: v.string() });

export const token: Command = {
  name: 'token',
  summary: 'print an access token of a demo user (local cloud only)',
  help: `Usage: aisle token --as boss [--data DIR]

Prints an access token for one of the users that the local cloud's sign-in page lists:
  curl -H "Authorization: Bearer $(npx aisle token --as boss)" http://127.0.0.1:4280/v1/stores
Local cloud only: on AWS, users sign in themselves.`,
  async run(args, terminal) {
    const { values } = readOptions(args, { as: { type: 'string' }, ...CLOUD_OPTIONS });
    const user = required(values.as, '--as');
    const { isLocal, file } = openCloud(values, terminal);
    if (!isLocal || file.url === undefined) throw new UserError('tokens are issued by a local cloud only');
    const address = new URL(`/oidc/token-for?person=${encodeURIComponent(user)}`, file.url);
    const response = await fetch(address).catch((error: Error) => {
      throw new UserError(`cannot connect to ${file.url} (${causeOf(error)}); start it with "npm start"`);
    });
    if (!response.ok) {
      const text = (await response.text()).slice(0, 300);
      throw new UserError(`the issuer responds with ${response.status}: ${text}`);
    }
    terminal.out(`${v.parse(TokenResponse, await response.json()).access_token}\n`);
    return EXIT.ok;
  },
};

const causeOf = ({ cause, message }: Error): string =>
  (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
