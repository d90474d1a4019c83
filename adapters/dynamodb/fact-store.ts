/**
 * Facts in DynamoDB: each once, under the name that whoever made it gave it, for ever.
 *
 *   pk = STORE#<storeId>#DAY#<businessDay>
 *   sk = RECEIPT#<tillId>#<receiptNo> | VISIT#<visitorId>#<revision> | PASSAGE#<sensorId>#<start, UTC>
 *   seq, arrivedAtMs, fingerprint, data (the event's data, as JSON text), erased? (what was taken out of the data)
 *
 * The log may deliver a record again at the same place, after a crash, or its sender may send it again at another. The
 * condition tells them apart: at the same place the claim holds again, elsewhere it is a duplicate.
 *
 * When a customer is forgotten, what names them is taken out of their receipts. Sent again, such a receipt is compared
 * without those fields, and never written over: no till brings anybody back. A fingerprint of the whole receipt would not do
 * for that, because everything else in it is known, and there are few telephone numbers to try.
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
  readonly erased?: readonly string[];
}

export const factKey = (storeId: StoreId, day: BusinessDay, name: string): { pk: string; sk: string } => ({
  pk: `STORE#${storeId}#DAY#${day}`,
  sk: name,
});

/** Wide enough for every revision, so that a visitor's tellings stand in their order. */
const REVISION_DIGITS = 16;

/** What facts are called within their store's day. */
export const factName = {
  receipt: (tillId: string, receiptNo: string): string => `RECEIPT#${tillId}#${receiptNo}`,
  visit: (visitor: string, revision: number): string =>
    `VISIT#${visitor}#${String(revision).padStart(REVISION_DIGITS, '0')}`,
};

/** The data of a fact without some of its fields; equal for facts that differ in nothing else. */
export function dataWithout(data: string, fields: readonly string[]): string {
  const left = Object.entries(JSON.parse(data) as object).filter(([field]) => !fields.includes(field));
  return JSON.stringify(Object.fromEntries(left));
}

export function dynamoFactStore(client: DynamoDBDocumentClient, TableName: string): FactStore {
  async function factAt(Key: Record<string, string>): Promise<FactItem | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item as FactItem | undefined;
  }

  return {
    async claim({ storeId, day, name, sequence, arrivedAtMs, fingerprint, data }) {
      const key = factKey(storeId, day, name);
      const put = new PutCommand({
        TableName,
        Item: { ...key, seq: sequence, arrivedAtMs, fingerprint, data },
        ConditionExpression: 'attribute_not_exists(pk) OR (seq = :seq AND attribute_not_exists(erased))',
        ExpressionAttributeValues: { ':seq': sequence },
        // The refusal carries the standing fact, which spares a read on every duplicate.
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(put);
        return { kind: 'claimed' };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          // Not every server sends the standing row along, and one out of which something was taken is seldom met.
          const known = error.Item?.['erased'] === undefined && error.Item?.['fingerprint']?.S;
          const standing = known ? { fingerprint: known } : await factAt(key);
          if (standing === undefined) throw error;
          return refusalOf(standing, { sequence, fingerprint, data });
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
            ':pk': factKey(storeId, day, '').pk,
            ...(kind === undefined ? {} : { ':kind': `${kind}#` }),
          },
          ConsistentRead: true,
        },
      );
      const items: FactItem[] = [];
      for await (const page of pages) items.push(...((page.Items ?? []) as FactItem[]));
      return withoutRenamed(items)
        .map(({ sk, seq, arrivedAtMs, data }) => ({
          name: sk,
          sequence: seq,
          arrivedAtMs: Number(arrivedAtMs),
          data,
        }))
        .sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
    },
  };
}

/** What a claim comes to where another stands, by what is kept of that. */
function refusalOf(
  standing: Pick<FactItem, 'fingerprint'> & Partial<FactItem>,
  { sequence, fingerprint, data }: Pick<Fact, 'sequence' | 'fingerprint' | 'data'>,
): Claim {
  const { erased, seq } = standing;
  if (erased === undefined)
    return standing.fingerprint === fingerprint
      ? { kind: 'duplicate' }
      : { kind: 'conflict', standing: standing.fingerprint };
  if (dataWithout(data, erased) !== standing.data)
    return { kind: 'conflict', standing: standing.fingerprint };
  // At its own place in the log it is counted as if it stood there whole.
  return { kind: seq === sequence ? 'claimed' : 'duplicate' };
}

/**
 * A visitor who was forgotten goes on under another name, and what was told of them is written under it before it goes
 * from under the old one; the log may also bring it back under that. A place in the log is one fact.
 */
function withoutRenamed(items: readonly FactItem[]): readonly FactItem[] {
  const renamed = new Set(
    items.flatMap(({ sk, seq, erased }) => (erased !== undefined && sk.startsWith('VISIT#') ? [seq] : [])),
  );
  return renamed.size === 0
    ? items
    : items.filter(({ seq, erased }) => erased !== undefined || !renamed.has(seq));
}
