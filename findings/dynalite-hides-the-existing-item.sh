#!/usr/bin/env bash
# dynalite 4.0.0 accepts ReturnValuesOnConditionCheckFailure: ALL_OLD and returns no item.
#
# DynamoDB answers a failed condition with the item that stood in its way, which spares a read where a duplicate has to be distinguished
# from a conflict. dynalite rejects the write as it should, says nothing about the parameter, and leaves the item out, so code
# that relies on the item works on AWS and loses the difference in a test. Read again where the item is absent.
#
# Output seen:
#   ConditionalCheckFailedException item: undefined
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund dynalite@4.0.0 @aws-sdk/client-dynamodb@3.1164.0
cat >try.mjs <<'JS'
import { once } from 'node:events';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';

const server = dynalite({ createTableMs: 0 }).listen(0, '127.0.0.1');
await once(server, 'listening');
const client = new DynamoDBClient({
  endpoint: `http://127.0.0.1:${server.address().port}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
const TableName = 'receipts';
await client.send(
  new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  }),
);
for (;;) {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  if (Table.TableStatus === 'ACTIVE') break;
}
const put = () =>
  client.send(
    new PutItemCommand({
      TableName,
      Item: { pk: { S: '1' } },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
await put();
await put().catch((error) => console.log(error.name, 'item:', error.Item));
client.destroy();
server.close();
JS
node try.mjs | tee seen
diff - seen <<<'ConditionalCheckFailedException item: undefined'
