/**
 * The tables. They are a stack of their own because they are the only thing that cannot be made again from the
 * source: every other stack can be deleted and deployed anew.
 */
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AisleStack, type AisleStackProps } from '../constructs/aisle-stack.ts';
import { AisleTable } from '../constructs/aisle-table.ts';

export class DataStack extends AisleStack {
  /** The chain, its regions, cities and stores, and their targets. */
  readonly chain = new AisleTable(this, 'Chain');
  /** Devices of the stores and the hashes of their keys. */
  readonly devices = new AisleTable(this, 'Devices');
  /** What happened, claimed once under its natural key. Never expires: a till may sync after weeks offline. */
  readonly facts = new AisleTable(this, 'Facts');
  /** The counters. Minutes and hours expire, days never do. */
  readonly cells = new AisleTable(this, 'Cells', { expiresAtAttribute: 'expiresAt' });
  /** Who was in which store on which day, by what the cameras and sensors told; read by visitor, by day, and when due. */
  readonly visits = new AisleTable(this, 'Visits', {
    expiresAtAttribute: 'expiresAt',
    indexes: [
      { name: 'ByStoreDay', holds: 'items' },
      { name: 'Due', holds: 'keys' },
    ],
  });
  /** Whose face may be known and on what ground, which frames were seen, and what the day's calls have cost. No picture. */
  readonly faces = new AisleTable(this, 'Faces', { expiresAtAttribute: 'expiresAt' });
  /** Whoever bought, visited or agreed to something, and what points at them. */
  readonly people = new AisleTable(this, 'People');
  /** Campaigns, what each decided and what became of it, and the phones that take pushes. Read by person when one is forgotten. */
  readonly campaigns = new AisleTable(this, 'Campaigns', {
    expiresAtAttribute: 'expiresAt',
    indexes: [{ name: 'ByPerson', holds: 'keys' }],
  });
  /** Events that could not be counted, with their bytes and the reason. */
  readonly deadLetters = new AisleTable(this, 'DeadLetters');

  constructor(scope: Construct, props: AisleStackProps) {
    super(scope, 'Data', props, 'Aisle: the tables');
    // What the `aisle` command needs to know, from the file of `cdk deploy --outputs-file`.
    new CfnOutput(this, 'ChainTable', { value: this.chain.tableName });
    new CfnOutput(this, 'DevicesTable', { value: this.devices.tableName });
    new CfnOutput(this, 'DeadLettersTable', { value: this.deadLetters.tableName });
    new CfnOutput(this, 'PeopleTable', { value: this.people.tableName });
    new CfnOutput(this, 'CampaignsTable', { value: this.campaigns.tableName });
    new CfnOutput(this, 'FacesTable', { value: this.faces.tableName });
  }
}
