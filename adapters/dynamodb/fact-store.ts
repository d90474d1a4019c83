/**
 * Facts in DynamoDB: each once, under the name that whoever made it gave it, for ever.
 *
 *   pk = STORE#<storeId>#DAY#<businessDay>
 *   sk = RECEIPT#<tillId>#<receiptNo> | VISIT#<visitorId>#<revision> | PASSAGE#<sensorId>#<start, UTC>
 *   seq, arrivedAtMs, fingerprint, data (the event's data, as JSON text)
 *
 * The log may deliver a record again at the same place, after a crash, or its sender may send it again at another. The
 * condition tells them apart: at the same place the claim holds again, elsewhere it is a duplicate.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';

export interface Fact {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  /** What it is called within its store's day; begins with its kind: `RECEIPT#…`. */
  readonly name: string;
  /** Zero-padded place in the log. */
  readonly sequence: string;
  readonly arrivedAtMs: number;
  /** SHA-256 of the data; two bodies under one name differ in it. */
  readonly fingerprint: string;
  /** The event's data as JSON. */
  readonly data: string;
}

export type Claim =
  | { readonly kind: 'claimed' }
  /** The same body was claimed from another place of the log: drop this one. */
  | { readonly kind: 'duplicate' }
  /** Another body stands under this name: never overwrite, show a person. */
  | { readonly kind: 'conflict'; readonly standing: string }
  /** The table will never take it (too large, say): more tries would only hold up the store. */
  | { readonly kind: 'unstorable'; readonly reason: string };

export interface FactStore {
  claim(fact: Fact): Promise<Claim>;
  /** The facts of a store's business day, or those of one kind, in the order of the log. */
  ofDay(storeId: StoreId, day: BusinessDay, kind?: FactKind): Promise<KeptFact[]>;
}

export type FactKind = 'RECEIPT' | 'VISIT' | 'PASSAGE';
export type KeptFact = Pick<Fact, 'name' | 'sequence' | 'arrivedAtMs' | 'data'>;

interface FactItem {
  readonly sk: string;
  readonly seq: string;
  readonly arrivedAtMs: bigint;
  readonly fingerprint: string;
  readonly data: string;
}

const partitionOf = (storeId: StoreId, day: BusinessDay): string => `STORE#${storeId}#DAY#${day}`;

export function dynamoFactStore(client: DynamoDBDocumentClient, TableName: string): FactStore {
  async function fingerprintAt(Key: Record<string, string>): Promise<string | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return (Item as FactItem | undefined)?.fingerprint;
  }

  return {
    async claim({ storeId, day, name, sequence, arrivedAtMs, fingerprint, data }) {
      const key = { pk: partitionOf(storeId, day), sk: name };
      const put = new PutCommand({
        TableName,
        Item: { ...key, seq: sequence, arrivedAtMs, fingerprint, data },
        ConditionExpression: 'attribute_not_exists(pk) OR seq = :seq',
        ExpressionAttributeValues: { ':seq': sequence },
        // The refusal carries the standing fact, which spares a read on every duplicate.
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(put);
        return { kind: 'claimed' };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          // Not every server sends the standing row along.
          const standing = error.Item?.['fingerprint']?.S ?? (await fingerprintAt(key));
          if (standing === undefined) throw error;
          return standing === fingerprint ? { kind: 'duplicate' } : { kind: 'conflict', standing };
        }
        if ((error as Error).name === 'ValidationException')
          return { kind: 'unstorable', reason: (error as Error).message };
        throw error;
      }
    },

    async ofDay(storeId, day, kind) {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: kind === undefined ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :kind)',
          ExpressionAttributeValues: {
            ':pk': partitionOf(storeId, day),
            ...(kind === undefined ? {} : { ':kind': `${kind}#` }),
          },
          ConsistentRead: true,
        },
      );
      const facts: KeptFact[] = [];
      for await (const page of pages) {
        for (const { sk, seq, arrivedAtMs, data } of (page.Items ?? []) as FactItem[]) {
          facts.push({ name: sk, sequence: seq, arrivedAtMs: Number(arrivedAtMs), data });
        }
      }
      return facts.sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
    },
  };
}
