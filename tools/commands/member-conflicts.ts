/** `aisle members conflicts` and `aisle members settle`: records of customers that may be one person. */
import {
  type ConflictingPerson,
  openConflicts,
  settleConflicts,
} from '#application/customers/settle-conflicts.ts';
import { isPersonId } from '#domain/people/customers/customer.ts';
import { maskPhone } from '#domain/people/customers/phone-number.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';

/** More than are settled in one sitting; the next ones appear as these are settled. */
const LISTED_MAX = 500;

const CONFLICTS_HEADS = [
  'customer',
  'numbers',
  'purchases',
  'visits',
  'other',
  'numbers',
  'purchases',
  'visits',
];

const textsOf = ({ personId, links, purchases, visits }: ConflictingPerson): string[] => [
  personId,
  links
    .filter(({ kind }) => kind !== 'device')
    .map(({ kind, value }) => (kind === 'phone' ? maskPhone(value) : `${kind} ${value}`))
    .join(', '),
  String(purchases),
  String(visits),
];

export const membersConflicts: Command = {
  name: 'members conflicts',
  summary: 'list customers that may be one person',
  help: `Usage: aisle members conflicts

Lists the open conflicts, oldest first: two customers, their numbers (phones masked), purchases and visits, and the
evidence. Nothing is merged by itself, because a wrong merge shows one customer the purchases of another.
Settle each with aisle members settle.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, CLOUD_OPTIONS);
    const open = await openConflicts(openCloud(values, terminal).people(), LISTED_MAX);
    if (open.length === 0) {
      terminal.out('no open conflicts\n');
      return EXIT.ok;
    }
    const rows = open.map(({ people: [a, b], source, evidence, atMs }) => [
      ...textsOf(a),
      ...textsOf(b),
      `${source}: ${evidence}`,
      new Date(atMs).toISOString(),
    ]);
    terminal.out(`${table([...CONFLICTS_HEADS, 'evidence', 'at'], rows)}\n`);
    return EXIT.ok;
  },
};

export const membersSettle: Command = {
  name: 'members settle',
  summary: 'settle whether two customers are one person',
  help: `Usage: aisle members settle <customer> <customer> --same
       aisle members settle <customer> <customer> --different

  --same        they are one person: both records are read as one, under the older id
  --different   they are two: the conflict is closed and not proposed again

Settles all open conflicts between the two. It cannot be reversed.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const options = { same: { type: 'boolean' }, different: { type: 'boolean' }, ...CLOUD_OPTIONS } as const;
    const { values, positionals } = readOptions(args, options, 2);
    const [a, b] = positionals.map((id) => required(id, 'a customer'));
    if (a === undefined || b === undefined || !isPersonId(a) || !isPersonId(b))
      throw usageError('two ids of customers are required: p. and 26 letters and digits');
    if (values.same === values.different) throw usageError('either --same or --different is required');
    const outcome = await settleConflicts(openCloud(values, terminal).people(), [a, b], {
      decision: values.same ? 'same' : 'different',
      author: 'aisle members settle',
      atMs: terminal.nowMs(),
    });
    if (outcome.kind === 'unknown')
      throw new UserError('there is no open conflict between the two customers');
    terminal.out(
      outcome.personId === undefined
        ? `settled: two different people\n`
        : `settled: one person, ${outcome.personId}\n`,
    );
    return EXIT.ok;
  },
};
