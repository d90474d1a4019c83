/** POST /v1/phones: the app server links a phone to a customer. The credential in the response is stored only as a hash. */
import { randomBytes, randomInt } from 'node:crypto';
import * as v from 'valibot';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { snsClient } from '#adapters/push/client.ts';
import { snsPhonePush } from '#adapters/push/phone-push.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { PHONE_BYTES_MAX, PhoneRequest, PhoneResponse } from '#contracts/http/phones.ts';
import { problem } from '#contracts/http/problems.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { personIdOf } from '#domain/people/customers/customer.ts';
import { toE164 } from '#domain/people/customers/phone-number.ts';
import { type DeviceEvent, requireChainDevice } from '../shared/device-auth.ts';
import { HttpProblem, httpHandler, parsedBody } from '../shared/http.ts';
import { pushApplications } from '../shared/push-applications.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { registerPhone } from './register-phone.ts';

const client = documentClient();
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));

/** A chain does not move to another country. */
const CHAIN_TTL_MS = 60_000;
const chainOf = cachedFor((_: 'chain') => chain.chain(), CHAIN_TTL_MS, Date.now);

const ID_BYTES = 16;
const newId = (): Uint8Array => randomBytes(ID_BYTES);

const ports = {
  people: dynamoPersonStore(client, requireEnv(process.env, env.peopleTable)),
  phones: dynamoPhoneStore(client, requireEnv(process.env, env.campaignsTable)),
  devices: dynamoDeviceStore(client, requireEnv(process.env, env.devicesTable)),
  push: snsPhonePush(snsClient(), pushApplications(process.env)),
  toE164: async (phone: string) => toE164(phone, (await chainOf('chain'))?.country),
  newPersonId: () => personIdOf(newId()),
  newDeviceId: () => `ph-${Buffer.from(newId()).toString('hex')}` as DeviceId,
  randomBelow: (end: number) => randomInt(end),
  nowMs: Date.now,
};

const PROBLEMS = {
  'invalid number': [422, 'invalid-phone-number', 'The phone number is not valid.'],
  'invalid member number': [
    422,
    'invalid-member-number',
    'The member number is a placeholder, or was spoilt by a spreadsheet.',
  ],
  'shared number': [
    422,
    'shared-phone-number',
    'The phone number has more purchases on one day than one person makes, so it identifies no customer.',
  ],
  'identity conflict': [
    409,
    'identity-conflict',
    'The member number and the phone number belong to two customers.',
  ],
} as const;

export const handler = httpHandler<DeviceEvent>({
  serviceName: 'register-phone',
  handle: async (event) => {
    const author = requireChainDevice(event, 'people');
    const body = parsedBody(PhoneRequest, event, {
      bytesMax: PHONE_BYTES_MAX,
      name: 'invalid-body',
      detail: 'The phone is not valid.',
    });
    const host = event.headers['host'] ?? event.requestContext.domainName;
    const scheme = event.headers['x-forwarded-proto'] ?? 'https';
    const registered = await registerPhone(ports, body, author, `${scheme}://${host}`);
    if (registered.kind === 'push rejected')
      throw new HttpProblem(
        problem(
          422,
          'push-registration-rejected',
          `The push service rejected the phone: ${registered.reason}`,
        ),
      );
    if (registered.kind !== 'registered') {
      const [status, name, detail] = PROBLEMS[registered.kind];
      throw new HttpProblem(problem(status, name, detail));
    }
    const { deviceId, key, personId } = registered;
    return {
      status: 201,
      body: v.parse(PhoneResponse, { device: deviceId, key, person: personId }),
      headers: { 'cache-control': 'no-store' },
    };
  },
});
