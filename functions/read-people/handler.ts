/** GET /v1/people/{id}: all that is kept of a person. POST /v1/people/search: the same of whoever a telephone number is of. */
import * as v from 'valibot';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoMomentStore } from '#adapters/dynamodb/moment-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { PEOPLE_SEARCH_BYTES_MAX, PeopleSearchBody, PersonAnswer } from '#contracts/people.ts';
import { faultsOfIssues, problem } from '#contracts/problems.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { toE164 } from '#domain/people/phone-number.ts';
import type { CallerEvent } from '../caller.ts';
import { answered, HttpProblem, httpHandler, jsonBody } from '../http.ts';
import { noSuchPerson, personNamed, requireReaderOfPeople } from '../named-person.ts';
import { momentsOf } from './moments-of.ts';
import { readPerson } from './read-person.ts';

const client = documentClient();
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const people = dynamoPersonStore(client, requireEnv(process.env, env.peopleTable));
const moments = dynamoMomentStore(client, requireEnv(process.env, env.momentsTable));
const ports = {
  people,
  momentsOf: (personId: PersonId) => momentsOf(moments, personId),
  currency: async () => (await chain.chain())?.currency ?? '',
  nowMs: Date.now,
};

/** Of whom a number is that somebody posted; it is told nowhere else. */
async function personSearched(event: CallerEvent): Promise<PersonId> {
  const body = v.safeParse(PeopleSearchBody, jsonBody(event, PEOPLE_SEARCH_BYTES_MAX));
  if (!body.success) {
    throw new HttpProblem(
      problem(400, 'invalid-search', 'The search is not valid.', faultsOfIssues(body.issues)),
    );
  }
  const value = toE164(body.output.phone, (await chain.chain())?.country);
  if (value === undefined) {
    const fault = { pointer: '#/phone', detail: 'is no telephone number' };
    throw new HttpProblem(problem(400, 'invalid-search', 'The search is not valid.', [fault]));
  }
  const personId = await people.find({ kind: 'phone', value });
  if (personId === undefined) throw noSuchPerson();
  return personId;
}

export const handler = httpHandler<CallerEvent>({
  serviceName: 'read-people',
  handle: async (event) => {
    const { isPrivacyOfficer } = requireReaderOfPeople(event);
    const name = event.pathParameters?.['id'];
    const personId = name === undefined ? await personSearched(event) : await personNamed(people, name);
    const found = await readPerson(ports, personId, isPrivacyOfficer);
    if (found === undefined) throw noSuchPerson();
    return answered(PersonAnswer, found);
  },
});
