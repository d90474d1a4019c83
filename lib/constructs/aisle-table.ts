/**
 * A DynamoDB table with the defaults of all tables: a string partition key and a string sort key, on-demand capacity,
 * encryption, and point-in-time recovery of 35 days.
 *
 * Its logical id is its plain name. CloudFormation replaces a table whose logical id changes, and the new one is empty,
 * so no refactoring of the construct tree may change an id.
 */
import {
  AttributeType,
  BillingMode,
  type CfnTable,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { AisleStack } from './aisle-stack.ts';

export interface AisleTableProps {
  /** The attribute, in epoch seconds, after which DynamoDB may delete an item. Absent where nothing expires. */
  readonly expiresAtAttribute?: string;
  /**
   * The indexes in order: the first has the keys `gsi1pk` and `gsi1sk`, the next `gsi2…`. An index that only identifies
   * items holds their keys alone, because each projected attribute is written twice.
   */
  readonly indexes?: ReadonlyArray<{ readonly name: string; readonly holds: 'items' | 'keys' }>;
}

export class AisleTable extends Table {
  readonly indexNames: readonly string[];

  constructor(scope: AisleStack, id: string, { expiresAtAttribute, indexes = [] }: AisleTableProps = {}) {
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: scope.isProd,
      removalPolicy: scope.removalPolicy,
      ...(expiresAtAttribute === undefined ? {} : { timeToLiveAttribute: expiresAtAttribute }),
    });
    this.indexNames = indexes.map(({ name }) => name);
    indexes.forEach(({ name: indexName, holds }, index) => {
      this.addGlobalSecondaryIndex({
        indexName,
        projectionType: holds === 'items' ? ProjectionType.ALL : ProjectionType.KEYS_ONLY,
        partitionKey: { name: `gsi${index + 1}pk`, type: AttributeType.STRING },
        sortKey: { name: `gsi${index + 1}sk`, type: AttributeType.STRING },
      });
    });
    (this.node.defaultChild as CfnTable).overrideLogicalId(id);
  }
}
