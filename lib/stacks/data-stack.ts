/**
 * The tables. A stack of their own, because they cannot be recreated from the source: every other stack can be deleted
 * and deployed again.
 */
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AisleStack, type AisleStackProps } from '../constructs/aisle-stack.ts';
import { AisleTable } from '../constructs/aisle-table.ts';

export class DataStack extends AisleStack {
  /** The chain, its stores with their sensors, targets and stock. */
  readonly chain = new AisleTable(this, 'Chain');
  /** Devices and the hashes of their keys. */
  readonly devices = new AisleTable(this, 'Devices');
  /** Facts, each claimed once under its natural key. They never expire: a till may sync after weeks offline. */
  readonly facts = new AisleTable(this, 'Facts');
  /** The counters. Cells of minutes and hours expire, cells of days do not. */
  readonly cells = new AisleTable(this, 'Cells', { expiresAtAttribute: 'expiresAt' });
  /** Visitor days: the evidence of one visitor, store and day; read by visitor, by store and day, and by due time. */
  readonly visits = new AisleTable(this, 'Visits', {
    expiresAtAttribute: 'expiresAt',
    indexes: [
      { name: 'ByStoreDay', holds: 'items' },
      { name: 'Due', holds: 'keys' },
    ],
  });
  /** Face users with their legal basis, processed frames, and paid calls per day. No pictures. */
  readonly faces = new AisleTable(this, 'Faces', { expiresAtAttribute: 'expiresAt' });
  /** Customers: links, consents, purchases and visits. */
  readonly people = new AisleTable(this, 'People');
  /** Campaigns, push decisions and their outcomes, push history, phones; read by person for erasures. */
  readonly campaigns = new AisleTable(this, 'Campaigns', {
    expiresAtAttribute: 'expiresAt',
    indexes: [{ name: 'ByPerson', holds: 'keys' }],
  });
  /** Events that could not be processed, with their bytes and the reason. */
  readonly deadLetters = new AisleTable(this, 'DeadLetters');

  constructor(scope: Construct, props: AisleStackProps) {
    super(scope, 'Data', props, 'Aisle: the tables');
    // Read by the `aisle` command, from the file of `cdk deploy --outputs-file`.
    new CfnOutput(this, 'ChainTable', { value: this.chain.tableName });
    new CfnOutput(this, 'DevicesTable', { value: this.devices.tableName });
    new CfnOutput(this, 'FactsTable', { value: this.facts.tableName });
    new CfnOutput(this, 'CellsTable', { value: this.cells.tableName });
    new CfnOutput(this, 'DeadLettersTable', { value: this.deadLetters.tableName });
    new CfnOutput(this, 'PeopleTable', { value: this.people.tableName });
    new CfnOutput(this, 'CampaignsTable', { value: this.campaigns.tableName });
    new CfnOutput(this, 'FacesTable', { value: this.faces.tableName });
  }
}
