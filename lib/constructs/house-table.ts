/**
 * A DynamoDB table as every table here is: one string partition key and one string sort key, paid per request,
 * encrypted, restorable to any second of the last 35 days.
 *
 * Its logical id is its plain name: CloudFormation replaces a table whose logical id changes, and with it every
 * figure in it, so no refactoring of the construct tree may ever change one.
 */
import { AttributeType, BillingMode, type CfnTable, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { AisleStack } from './aisle-stack.ts';

export interface HouseTableProps {
  /** The attribute, in epoch seconds, after which DynamoDB may drop an item. Left out where nothing ever expires. */
  readonly expiresAtAttribute?: string;
}

export class HouseTable extends Table {
  constructor(scope: AisleStack, id: string, { expiresAtAttribute }: HouseTableProps = {}) {
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
    (this.node.defaultChild as CfnTable).overrideLogicalId(id);
  }
}
