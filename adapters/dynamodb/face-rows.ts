/** Shared by the stores in the faces table: reads a row, and updates one on a condition. */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { DAY_MS } from '#domain/chain/duration.ts';

export type Row = Record<string, unknown>;

export interface Rows {
  read(Key: Record<string, string>): Promise<Row | undefined>;
  /** Returns the row after an update, or undefined if its condition was not met. */
  update(input: Omit<UpdateCommandInput, 'TableName'>): Promise<Row | undefined>;
}

/** Returns the time-to-live attribute for so many days after an instant, in seconds as DynamoDB requires. */
export const expiryOf = (nowMs: number, days: number): number => Math.floor((nowMs + days * DAY_MS) / 1000);

export function rowsOf(client: DynamoDBDocumentClient, TableName: string): Rows {
  return {
    async read(Key) {
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item;
    },
    async update(input) {
      try {
        const answer = await client.send(new UpdateCommand({ TableName, ReturnValues: 'ALL_NEW', ...input }));
        return answer.Attributes ?? {};
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },
  };
}
