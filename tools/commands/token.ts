/** `aisle token`: an access token of the local cloud's own issuer, for curl and for tests. AWS gives none this way. */
import * as v from 'valibot';
import { CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, UserError } from '../command.ts';

const TokenAnswer = v.object({ access_token: v.string() });

export const token: Command = {
  name: 'token',
  summary: 'an access token of a person of the local cloud',
  help: `Usage: aisle token --as boss [--data DIR]

Prints an access token of the local cloud for one of its people, as its sign-in page lists them:
  curl -H "Authorization: Bearer $(npx aisle token --as boss)" http://127.0.0.1:4280/v1/stores
Local only: on AWS people sign in, and nobody can be signed in for them.`,
  async run(args, terminal) {
    const { values } = readOptions(args, { as: { type: 'string' }, ...CLOUD_OPTIONS });
    const person = required(values.as, '--as');
    const { isLocal, file } = openCloud(values, terminal);
    if (!isLocal || file.url === undefined) throw new UserError('tokens are given by a local cloud only');
    const address = new URL(`/oidc/token-for?person=${encodeURIComponent(person)}`, file.url);
    const answer = await fetch(address).catch((error: Error) => {
      throw new UserError(`${file.url} does not answer (${causeOf(error)}); start it with "npm start"`);
    });
    if (!answer.ok)
      throw new UserError(`the issuer answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    terminal.out(`${v.parse(TokenAnswer, await answer.json()).access_token}\n`);
    return EXIT.ok;
  },
};

const causeOf = ({ cause, message }: Error): string =>
  (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
