/**
 * Dead letters and quarantine in DynamoDB: what the log carried and could not be counted, with its bytes and the
 * reason, until a person has looked.
 *
 *   pk = LETTER   sk = <sequence, zero-padded>
 *   why, reason, storeId, bytes, arrivedAtMs, keptAtMs, standing?, replayedAtMs?
 *
 * The key is the record's place in the log, so keeping a letter twice keeps one. All letters share a
 * partition: they are few by their nature, and people read them as one list.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/**
 * `unreadable`: no event that was ever defined. `conflict`: a second body under a receipt's name.
 * `unstorable`: the table refuses it for good. `exhausted`: every try failed; parts of it may be counted.
 */
export type LetterWhy = 'unreadable' | 'conflict' | 'unstorable' | 'exhausted';

export interface Letter {
  /** Zero-padded place in the log. */
  readonly sequence: string;
  readonly why: LetterWhy;
  readonly reason: string;
  /** The record's partition key. */
  readonly storeId: string;
  readonly bytes: Uint8Array;
  readonly arrivedAtMs: number;
  readonly keptAtMs: number;
  readonly replayedAtMs?: number;
}

export interface LetterStore {
  /** Keeps a letter; the first keeping of a place in the log stands. */
  keep(letter: Letter): Promise<void>;
  list(): AsyncIterable<Letter>;
  markReplayed(sequence: string, replayedAtMs: number): Promise<void>;
}

const PK = 'LETTER';

export function dynamoLetterStore(client: DynamoDBDocumentClient, TableName: string): LetterStore {
  return {
    async keep({ sequence, ...letter }) {
      try {
        await client.send(
          new PutCommand({
            TableName,
            Item: { pk: PK, sk: sequence, ...letter },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async *list() {
      const pages = paginateQuery(
        { client },
        { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': PK } },
      );
      for await (const page of pages) {
        for (const item of page.Items ?? []) {
          yield {
            sequence: String(item['sk']),
            why: item['why'] as LetterWhy,
            reason: String(item['reason']),
            storeId: String(item['storeId']),
            bytes: item['bytes'] as Uint8Array,
            arrivedAtMs: Number(item['arrivedAtMs']),
            keptAtMs: Number(item['keptAtMs']),
            ...(item['replayedAtMs'] === undefined ? {} : { replayedAtMs: Number(item['replayedAtMs']) }),
          };
        }
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
