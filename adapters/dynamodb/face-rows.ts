/** What the stores of the table of faces share: reading a row, and changing one on a condition. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';

export type Row = Record<string, unknown>;

export interface Rows {
  read(Key: Record<string, string>): Promise<Row | undefined>;
  /** The row after an update, or undefined where its condition was not met. */
  update(input: Omit<UpdateCommandInput, 'TableName'>): Promise<Row | undefined>;
}

const DAY_MS = 86_400_000;

/** So many days after an instant, as DynamoDB wants to be told when a row may go: in seconds. */
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
