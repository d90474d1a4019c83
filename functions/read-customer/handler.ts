/** GET /v1/people/{id}: all that is kept of a person. POST /v1/people/search: the same of whoever a telephone number is of. */
import * as v from 'valibot';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { PEOPLE_SEARCH_BYTES_MAX, PeopleSearchRequest, PersonResponse } from '#contracts/http/people.ts';
import { fieldErrorsOf, problem } from '#contracts/http/problems.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { toE164 } from '#domain/people/customers/phone-number.ts';
import { personNotFound, requireCustomerReader, resolvePersonId } from '../shared/customer-lookup.ts';
import { HttpProblem, httpHandler, jsonBody, validatedResponse } from '../shared/http.ts';
import type { StaffEvent } from '../shared/staff-auth.ts';
import { pushHistoryOf } from './push-history.ts';
import { readPerson } from './read-customer.ts';

const client = documentClient();
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const people = dynamoPersonStore(client, requireEnv(process.env, env.peopleTable));
const moments = dynamoPushDecisionStore(client, requireEnv(process.env, env.campaignsTable));
const ports = {
  people,
  momentsOf: (personId: PersonId) => pushHistoryOf(moments, personId),
  currency: async () => (await chain.chain())?.currency ?? '',
  nowMs: Date.now,
};

/** Of whom a number is that somebody posted; it is told nowhere else. */
async function personSearched(event: StaffEvent): Promise<PersonId> {
  const body = v.safeParse(PeopleSearchRequest, jsonBody(event, PEOPLE_SEARCH_BYTES_MAX));
  if (!body.success) {
    throw new HttpProblem(
      problem(400, 'invalid-search', 'The search is not valid.', fieldErrorsOf(body.issues)),
    );
  }
  const value = toE164(body.output.phone, (await chain.chain())?.country);
  if (value === undefined) {
    const fault = { pointer: '#/phone', detail: 'is not a phone number' };
    throw new HttpProblem(problem(400, 'invalid-search', 'The search is not valid.', [fault]));
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
    const personId = name === undefined ? await personSearched(event) : await resolvePersonId(people, name);
    const found = await readPerson(ports, personId, isPrivacyOfficer);
    if (found === undefined) throw personNotFound();
    return validatedResponse(PersonResponse, found);
  },
});
