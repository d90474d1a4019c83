/** DynamoDB tables: plain ones, and the global tables of the CDK's TableV2. */
import * as v from 'valibot';
import type { TableDescription } from '../description.ts';
import type { ResolvedResource, ResolvedStacks } from '../resolved-stacks.ts';
import { CfnBoolean, parseProperties } from './properties.ts';

const KeySchema = v.array(v.object({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) }));

const Index = v.object({
  IndexName: v.string(),
  KeySchema,
  Projection: v.object({
    ProjectionType: v.exactOptional(v.picklist(['ALL', 'KEYS_ONLY', 'INCLUDE'])),
    NonKeyAttributes: v.exactOptional(v.array(v.string())),
  }),
});

const TableProperties = v.object({
  KeySchema,
  AttributeDefinitions: v.array(
    v.object({ AttributeName: v.string(), AttributeType: v.picklist(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: v.optional(v.array(Index), []),
  TimeToLiveSpecification: v.optional(
    v.object({ AttributeName: v.optional(v.string()), Enabled: v.optional(CfnBoolean, true) }),
  ),
  StreamSpecification: v.optional(v.object({ StreamViewType: v.string() })),
});

/** Returns the tables. */
export function describeTables(stacks: ResolvedStacks): TableDescription[] {
  return stacks.all('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(describeTable);
}

function describeTable(resource: ResolvedResource): TableDescription {
  const properties = parseProperties(TableProperties, resource);
  const ttl = properties.TimeToLiveSpecification;
  return {
    logicalId: resource.logicalId,
    tableName: resource.identity.ref,
    keySchema: properties.KeySchema,
    attributeDefinitions: properties.AttributeDefinitions,
    indexes: properties.GlobalSecondaryIndexes.map((index) => ({
      indexName: index.IndexName,
      keySchema: index.KeySchema,
      projection: index.Projection,
    })),
    ...(ttl?.Enabled && ttl.AttributeName !== undefined && { ttlAttribute: ttl.AttributeName }),
    ...(properties.StreamSpecification && {
      stream: { viewType: properties.StreamSpecification.StreamViewType },
    }),
  };
}
