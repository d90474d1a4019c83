/** GET /v1/people/conflicts: records of customers that may be one person. POST: the decision of a privacy officer. */

import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import {
  type OpenConflict,
  openConflicts,
  settleConflicts,
} from '#application/customers/settle-conflicts.ts';
import { env, requireEnv } from '#contracts/env.ts';
import {
  CONFLICT_BYTES_MAX,
  CONFLICTS_MAX,
  ConflictsResponse,
  SettleRequest,
  SettleResponse,
} from '#contracts/http/conflicts.ts';
import { problem } from '#contracts/http/problems.ts';
import { maskPhone } from '#domain/people/customers/phone-number.ts';
import { requireCustomerReader } from '../shared/customer-lookup.ts';
import {
  HttpProblem,
  type HttpResponse,
  httpHandler,
  parsedBody,
  validatedResponse,
} from '../shared/http.ts';
import { requireRole, type StaffEvent } from '../shared/staff-auth.ts';

const people = dynamoPersonStore(documentClient(), requireEnv(process.env, env.peopleTable));

const timeOf = (ms: number): string => new Date(ms).toISOString();

const conflictResponse = (
  { people: both, kind, source, evidence, atMs }: OpenConflict,
  showsPhones: boolean,
): ConflictsResponse['conflicts'][number] => ({
  people: both.map(({ personId, createdAtMs, links, purchases, visits }) => ({
    id: personId,
    createdAt: timeOf(createdAtMs),
    links: links.map((link) => ({
      ...link,
      value: link.kind === 'phone' && !showsPhones ? maskPhone(link.value) : link.value,
    })),
    purchases,
    visits,
  })),
  kind,
  source,
  evidence,
  at: timeOf(atMs),
});

/** Settles a conflict; the author is the subject of the token. */
async function settle(event: StaffEvent): Promise<HttpResponse> {
  requireRole(event, 'privacy-officer', 'to settle a conflict');
  const { people: pair, decision } = parsedBody(SettleRequest, event, {
    bytesMax: CONFLICT_BYTES_MAX,
    name: 'invalid-settlement',
    detail: 'The settlement is not valid.',
  });
  const author = String(event.requestContext.authorizer?.jwt?.claims?.['sub'] ?? 'staff');
  const outcome = await settleConflicts(people, pair, { decision, author, atMs: Date.now() });
  if (outcome.kind === 'unknown')
    throw new HttpProblem(
      problem(404, 'conflict-not-found', 'There is no open conflict between the two customers.'),
    );
  const { conflicts, personId } = outcome;
  return validatedResponse(SettleResponse, {
    settled: conflicts,
    ...(personId !== undefined && { person: personId }),
  });
}

export const handler = httpHandler<StaffEvent>({
  serviceName: 'review-conflicts',
  handle: async (event) => {
    if (event.requestContext.http.method === 'POST') return await settle(event);
    const { isPrivacyOfficer } = requireCustomerReader(event);
    const open = await openConflicts(people, CONFLICTS_MAX);
    return validatedResponse(ConflictsResponse, {
      conflicts: open.map((conflict) => conflictResponse(conflict, isPrivacyOfficer)),
    });
  },
});
