/**
 * Dead letters in DynamoDB: records of the log that could not be counted, with their bytes and the reason, until an engineer
 * has checked them.
 *
 *   pk = LETTER   sk = <sequence, zero-padded>
 *   why, reason, storeId, bytes, arrivedAtMs, keptAtMs, replayedAtMs?, parts?
 *   pk = LETTER#<sequence>   sk = <number of the part, from 00>   bytes
 *
 * The key is the record's sequence number, so storing a record twice stores it once. All dead letters share a partition:
 * they are few, and are read as one list. A record of the log may be larger than a row; the excess is stored in parts,
 * which are written first, so a listed dead letter is complete.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DeadLetterReason, DeadLetterStore } from '#application/ports/dead-letter-store.ts';

const PK = 'LETTER';

/** A row holds 400 kB, attribute names and the reason included. */
const PART_BYTES_MAX = 300_000;
/** A reason may quote the rejected value. */
const REASON_LENGTH_MAX = 2_000;

const CONFLICT: DeadLetterReason = 'conflict';

/** Nothing is replaced, but that a letter of exhausted retries takes the place of the conflict found before they failed. */
const conditionFor = (why: DeadLetterReason) =>
  why === 'exhausted'
    ? {
        ConditionExpression: 'attribute_not_exists(pk) OR why = :conflict',
        ExpressionAttributeValues: { ':conflict': CONFLICT },
      }
    : { ConditionExpression: 'attribute_not_exists(pk)' };

/** Returns the store of dead letters: a list of short methods over one table. */
export function dynamoDeadLetterStore(client: DynamoDBDocumentClient, TableName: string): DeadLetterStore {
  async function keepParts(sequence: string, bytes: Uint8Array): Promise<number> {
    const count = Math.ceil(bytes.byteLength / PART_BYTES_MAX);
    for (let part = 0; part < count; part++) {
      const Item = {
        pk: `${PK}#${sequence}`,
        sk: String(part).padStart(2, '0'),
        bytes: bytes.subarray(part * PART_BYTES_MAX, (part + 1) * PART_BYTES_MAX),
      };
      await client.send(new PutCommand({ TableName, Item }));
    }
    return count;
  }

  async function* itemsOf(pk: string) {
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
      },
    );
    for await (const page of pages) yield* page.Items ?? [];
  }

  async function partsOf(sequence: string): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const item of itemsOf(`${PK}#${sequence}`)) parts.push(item['bytes'] as Uint8Array);
    return Buffer.concat(parts);
  }

  return {
    async keep({ sequence, bytes, reason, ...letter }) {
      const body =
        bytes.byteLength <= PART_BYTES_MAX ? { bytes } : { parts: await keepParts(sequence, bytes) };
      try {
        await client.send(
          new PutCommand({
            TableName,
            Item: { pk: PK, sk: sequence, ...letter, reason: reason.slice(0, REASON_LENGTH_MAX), ...body },
            ...conditionFor(letter.why),
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async *list() {
      for await (const item of itemsOf(PK)) {
        const sequence = String(item['sk']);
        yield {
          sequence,
          why: item['why'] as DeadLetterReason,
          reason: String(item['reason']),
          storeId: String(item['storeId']),
          bytes: item['parts'] === undefined ? (item['bytes'] as Uint8Array) : await partsOf(sequence),
          arrivedAtMs: Number(item['arrivedAtMs']),
          keptAtMs: Number(item['keptAtMs']),
          ...(item['replayedAtMs'] === undefined ? {} : { replayedAtMs: Number(item['replayedAtMs']) }),
        };
      }
    },

    async markReplayed(sequence, replayedAtMs) {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: { pk: PK, sk: sequence },
          UpdateExpression: 'SET replayedAtMs = :at',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':at': replayedAtMs },
        }),
      );
    },
  };
}
