/**
 * The DynamoDB of the local cloud: dynoxide where this platform has it, dynalite everywhere else.
 *
 * Both speak the protocol to unmodified clients. Neither lets items expire; ttl-sweep.ts does.
 */

import { startDynalite } from './dynalite.ts';
import type { DynamoDbServer } from './dynamodb-server.ts';
import { findDynoxide, startDynoxide } from './dynoxide.ts';

export interface DynamoDbOptions {
  /** Where the tables are kept; in memory when not given. */
  readonly dataDir?: string | undefined;
  readonly engine?: 'dynoxide' | 'dynalite' | undefined;
}

/** The variable that chooses the engine where the caller does not: AISLE_DYNAMODB=dynalite. */
const ENGINE_VARIABLE = 'AISLE_DYNAMODB';

export async function startDynamoDb({ dataDir, engine }: DynamoDbOptions = {}): Promise<DynamoDbServer> {
  const wanted = engine ?? process.env[ENGINE_VARIABLE];
  const binary = wanted === 'dynalite' ? undefined : findDynoxide();
  if (binary !== undefined) return await startDynoxide(binary, dataDir);
  if (wanted === 'dynoxide') throw new Error(`there is no dynoxide for ${process.platform}-${process.arch}`);
  return await startDynalite(dataDir);
}
