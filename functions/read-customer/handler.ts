/** GET /v1/people/{id}: everything stored about a customer. POST /v1/people/search: the same, found by a telephone number. */
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { PEOPLE_SEARCH_BYTES_MAX, PeopleSearchRequest, PersonResponse } from '#contracts/http/people.ts';
import { problem } from '#contracts/http/problems.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { toE164 } from '#domain/people/customers/phone-number.ts';
import { personNotFound, requireCustomerReader, resolvePersonId } from '../shared/customer-lookup.ts';
import { HttpProblem, httpHandler, parsedBody, validatedResponse } from '../shared/http.ts';
import type { StaffEvent } from '../shared/staff-auth.ts';
import { pushHistoryOf } from './push-history.ts';
import { readPerson } from './read-customer.ts';

const client = documentClient();
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const people = dynamoPersonStore(client, requireEnv(process.env, env.peopleTable));
const pushDecisions = dynamoPushDecisionStore(client, requireEnv(process.env, env.campaignsTable));
const ports = {
  people,
  pushHistoryOf: (personId: PersonId) => pushHistoryOf(pushDecisions, personId),
  currency: async () => (await chain.chain())?.currency ?? '',
  nowMs: Date.now,
};

const INVALID_SEARCH = { name: 'invalid-search', detail: 'The search is not valid.' };

/** Returns the customer of the telephone number in the body. */
async function searchPerson(event: StaffEvent): Promise<PersonId> {
  const { phone } = parsedBody(PeopleSearchRequest, event, {
    bytesMax: PEOPLE_SEARCH_BYTES_MAX,
    ...INVALID_SEARCH,
  });
  const value = toE164(phone, (await chain.chain())?.country);
  if (value === undefined) {
    const { name, detail } = INVALID_SEARCH;
    const error = { pointer: '#/phone', detail: 'is not a phone number' };
    throw new HttpProblem(problem(400, name, detail, [error]));
  }
  const personId = await people.find({ kind: 'phone', value });
  if (personId === undefined) throw personNotFound();
  return personId;
}

export const handler = httpHandler<StaffEvent>({
  serviceName: 'read-customer',
  handle: async (event) => {
    const { isPrivacyOfficer } = requireCustomerReader(event);
    const name = event.pathParameters?.['id'];
    const personId = name === undefined ? await searchPerson(event) : await resolvePersonId(people, name);
    const person = await readPerson(ports, personId, isPrivacyOfficer);
    if (person === undefined) throw personNotFound();
    return validatedResponse(PersonResponse, person);
  },
});
