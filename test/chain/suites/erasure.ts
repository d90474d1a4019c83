/**
 * The erasure of a customer on the whole cloud, in two parts: the function waits for a minute between revoking access and
 * deleting rows, so the request is made before the other suites and its outcome is looked at after them.
 */
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Cloud } from '#local/cloud.ts';
import { type DemoCloud, eventually } from '../../support/demo-cloud.ts';
import { buy, registerPhone } from './street.ts';

/** Long enough to be found in random bytes by no coincidence. */
const MEMBER = 'LEAVING-7750318';

export interface ErasureSuites {
  describeRequest(): void;
  /** After a suite that leaves the rows of member N1. */
  describeOutcome(): void;
}

export function erasureSuites(world: () => DemoCloud): ErasureSuites {
  const staff: DemoCloud['staff'] = (...args) => world().staff(...args);
  let person = '';
  let erasureId = '';
  return {
    describeRequest() {
      describe('a request to erase a customer', () => {
        it('is accepted from the privacy officer alone', async () => {
          ({ person } = await registerPhone(world(), MEMBER, ['location', 'push']));
          await buy(world(), MEMBER, 'before-leaving');
          await eventually(async () =>
            expect((await staff('GET', `/v1/people/member:${MEMBER}`)).body.purchases).toHaveLength(1),
          );
          for (const reader of ['store-manager', 'boss'])
            expect((await staff('DELETE', `/v1/people/${person}`, reader)).status).toBe(403);
          const accepted = await staff('DELETE', `/v1/people/${person}`, 'privacy-officer');
          expect(accepted.status).toBe(202);
          erasureId = accepted.body.erasure;
        });
      });
    },

    describeOutcome() {
      describe('an erased customer', () => {
        it('is in no table, tracker or inbox any more, which a full scan verifies', async () => {
          await eventually(async () => {
            const { body } = await staff('GET', `/v1/erasures/${erasureId}`, 'privacy-officer');
            expect(body.state).toBe('done');
            expect(JSON.stringify(body)).not.toContain(MEMBER);
          });
          expect((await staff('GET', `/v1/people/member:${MEMBER}`)).status).toBe(404);
          const everything = await allBytesOf(world().cloud);
          expect(everything.includes('"N1"')).toBe(true);
          // Only the names are compared: a failure shall not print thousands of rows.
          const traces = [MEMBER, person, `token-${MEMBER}`];
          expect(traces.filter((trace) => everything.includes(trace))).toEqual([]);
        });
      });
    },
  };
}

/** Every row of every table of the cloud as text. */
async function allBytesOf({ endpoints, description }: Cloud): Promise<string> {
  const client = new DynamoDBClient({
    endpoint: endpoints.dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const rows: string[] = [];
  for (const { tableName } of description.tables) {
    for await (const page of paginateScan({ client }, { TableName: tableName })) {
      for (const item of page.Items ?? []) {
        rows.push(JSON.stringify(item));
        for (const { B } of Object.values(item))
          if (B !== undefined) rows.push(Buffer.from(B).toString('latin1'));
      }
    }
  }
  client.destroy();
  return rows.join('\n');
}
