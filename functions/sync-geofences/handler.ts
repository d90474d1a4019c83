/**
 * Each minute → the fences of the collection follow the stores. A fence that is refused does not hold up the others and makes
 * the run a failure, so that the alarm rings: a store without its fence greets nobody, and nothing else would tell.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { locationClient } from '#adapters/location/client.ts';
import { locationGeofences } from '#adapters/location/geofences.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { type SyncedGeofences, syncGeofences } from './sync-geofences.ts';

const serviceName = 'sync-geofences';
const logger = new Logger({ serviceName });
const ports = {
  chain: dynamoChainStore(documentClient(), requireEnv(process.env, env.chainTable)),
  fences: locationGeofences(locationClient(), requireEnv(process.env, env.fenceCollection)),
};

/** More names than these in one message help nobody. */
const REFUSED_TOLD_MAX = 20;

/** EventBridge's own event, of which nothing is read. */
type Scheduled = { readonly source: string };

export const handler = middy<Scheduled, SyncedGeofences, Error, Context>()
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async () => {
    const synced = await syncGeofences(ports);
    const { refused, ...counts } = synced;
    const isQuiet = counts.put + counts.removed + refused.length === 0;
    logger[isQuiet ? 'debug' : 'info']('fences follow the stores', { ...counts, refused: refused.length });
    if (refused.length > 0) throw new Error(`${refused.length} fences do not follow: ${told(refused)}`);
    return synced;
  });

/** Which, and whether another run may mend it; the service's own words are left out, for they might name the ground. */
const told = (refused: SyncedGeofences['refused']): string =>
  refused
    .slice(0, REFUSED_TOLD_MAX)
    .map(({ fenceId, isFinal }) => `${fenceId} (${isFinal ? 'refused' : 'too busy'})`)
    .join(', ');
