/** Single rows of any table by their keys, read and changed as an erasure action says. Every action is idempotent. */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { RowWriter } from '#application/ports/row-writer.ts';
import type { TableName } from '#domain/people/erasure/row-policy.ts';
import type { ItemKey, TableRow } from '#domain/people/erasure/table-row.ts';

/** A record of the log is a megabyte at most, and a part of a dead letter 300 kB. */
const LETTER_PARTS_MAX = 4;

export function dynamoRowWriter(
  client: DynamoDBDocumentClient,
  tableNames: Readonly<Record<TableName, string>>,
): RowWriter {
  async function remove(table: TableName, { pk, sk }: ItemKey): Promise<void> {
    for (const Key of table === 'DeadLetters' ? letterKeys({ pk, sk }) : [{ pk, sk }]) {
      await client.send(new DeleteCommand({ TableName: tableNames[table], Key }));
    }
  }

  /** Replaces a row, unless it has changed. */
  async function overwrite(TableName: string, row: TableRow, by: TableRow, guard: string): Promise<void> {
    const was = row[guard];
    try {
      await client.send(
        new PutCommand({
          TableName,
          Item: by,
          ConditionExpression: was === undefined ? 'attribute_not_exists(#guard)' : '#guard = :was',
          ExpressionAttributeNames: { '#guard': guard },
          ...(was === undefined ? {} : { ExpressionAttributeValues: { ':was': was } }),
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  return {
    async read(table, { pk, sk }) {
      const get = new GetCommand({ TableName: tableNames[table], Key: { pk, sk }, ConsistentRead: true });
      return (await client.send(get)).Item as TableRow | undefined;
    },
    async apply(table, row, action) {
      switch (action.kind) {
        case 'none':
          return 'left';
        case 'others':
          return 'others';
        case 'remove':
          await remove(table, row);
          return 'removed';
        case 'replace': {
          const { by, guard } = action;
          if (by.pk === row.pk && by.sk === row.sk) await overwrite(tableNames[table], row, by, guard);
          else {
            await client.send(new PutCommand({ TableName: tableNames[table], Item: by }));
            await remove(table, row);
          }
          return 'removed';
        }
      }
    },
  };
}

/** The keys of a dead letter and its parts, whichever of them contains the identifier. */
function letterKeys({ pk, sk }: ItemKey): ItemKey[] {
  const sequence = pk === 'LETTER' ? sk : pk.slice('LETTER#'.length);
  const parts = Array.from({ length: LETTER_PARTS_MAX }, (_, part) => ({
    pk: `LETTER#${sequence}`,
    sk: String(part).padStart(2, '0'),
  }));
  return [{ pk: 'LETTER', sk: sequence }, ...parts];
}
