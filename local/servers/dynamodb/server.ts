/**
 * The DynamoDB of the local cloud: dynoxide where there is one for this platform, dynalite everywhere else.
 *
 * Both serve unmodified clients. Neither expires items; ttl-sweep.ts does.
 */
import type { LocalServer } from '../wire/closable.ts';
import { startDynalite } from './dynalite.ts';
import { findDynoxide, startDynoxide } from './dynoxide.ts';

export interface DynamoDbOptions {
  /** The folder of the tables, which are in memory by default. */
  readonly dataDir?: string | undefined;
  readonly engine?: 'dynoxide' | 'dynalite' | undefined;
}

/** The variable that chooses the engine where the caller does not: AISLE_DYNAMODB=dynalite. */
const ENGINE_VARIABLE = 'AISLE_DYNAMODB';

/** Starts an engine. @throws where dynoxide is requested and missing, or does not start */
export async function startDynamoDb({ dataDir, engine }: DynamoDbOptions = {}): Promise<LocalServer> {
  const requested = engine ?? process.env[ENGINE_VARIABLE];
  const binary = requested === 'dynalite' ? undefined : findDynoxide();
  if (binary !== undefined) return await startDynoxide(binary, dataDir);
  if (requested === 'dynoxide')
    throw new Error(`there is no dynoxide for ${process.platform}-${process.arch}`);
  return await startDynalite(dataDir);
}
