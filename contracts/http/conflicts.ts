/**
 * Conflicts between records of customers: evidence that two may be one person. Staff see both, and settle whether they are.
 */
import * as v from 'valibot';
import type { PersonId } from '#domain/chain/ids.ts';
import { IDENTIFIER_KINDS, isPersonId } from '#domain/people/customers/customer.ts';
import { count } from '../primitives.ts';
import { strictObjectMessage } from './strict-object-message.ts';

export const CONFLICT_BYTES_MAX = 1_000;
/** A response holds so many at most; the next ones appear as these are settled. */
export const CONFLICTS_MAX = 100;

const time = v.pipe(v.string(), v.description('RFC 3339, in UTC.'));
const kind = v.picklist(IDENTIFIER_KINDS);

const personId = v.pipe(
  v.string('must be a text'),
  v.check(isPersonId, 'must be the id of a customer: p. and 26 letters and digits'),
  v.transform((id) => id as PersonId),
);

export const SettleRequest = v.pipe(
  v.strictObject(
    {
      people: v.pipe(
        v.strictTuple([personId, personId], 'must be the ids of two customers'),
        v.check(([a, b]) => a !== b, 'must be two different customers'),
        v.description('The two customers of the conflict.'),
      ),
      decision: v.pipe(
        v.picklist(['same', 'different'], 'must be same or different'),
        v.description(
          '`same`: they are one person, and both records are read as one. `different`: they are not, and are not proposed again.',
        ),
      ),
    },
    strictObjectMessage('a settlement'),
  ),
  v.metadata({ title: 'Settlement', description: 'The decision of staff on two customers.' }),
);

export const SettleResponse = v.pipe(
  v.object({
    settled: v.pipe(count, v.description('Number of conflicts between the two that were settled.')),
    person: v.exactOptional(
      v.pipe(v.string(), v.description('Of one person: the id of the record that goes on.')),
    ),
  }),
  v.metadata({ title: 'SettlementResponse' }),
);

const ConflictingPerson = v.object({
  id: v.string(),
  createdAt: time,
  links: v.array(
    v.object({
      kind,
      value: v.pipe(
        v.string(),
        v.description('A phone number is in full for privacy officers and masked for other staff.'),
      ),
      source: v.string(),
    }),
  ),
  purchases: v.pipe(count, v.description('Number of purchases.')),
  visits: v.pipe(count, v.description('Number of visits.')),
});

export const ConflictsResponse = v.pipe(
  v.object({
    conflicts: v.pipe(
      v.array(
        v.object({
          people: v.pipe(v.array(ConflictingPerson), v.length(2)),
          kind: v.pipe(kind, v.description('The kind of the shared identifier.')),
          source: v.pipe(v.string(), v.description('The source of the evidence: till, import, app.')),
          evidence: v.pipe(v.string(), v.description('The name of a receipt, a line of a file.')),
          at: time,
        }),
      ),
      v.description(`The open conflicts, oldest first, ${CONFLICTS_MAX} at most.`),
    ),
  }),
  v.metadata({ title: 'ConflictsResponse' }),
);
export type ConflictsResponse = v.InferOutput<typeof ConflictsResponse>;
