/** From a directory that `cdk synth` wrote to the cloud it describes: the local cloud's one source of wiring. */
import { readStacks } from './assembly.ts';
import { refuseUnknown } from './coverage.ts';
import { describeCollections } from './describe/collections.ts';
import { describeEventInvokes } from './describe/event-invokes.ts';
import { describeEventRules } from './describe/event-rules.ts';
import { describeFunctions } from './describe/functions.ts';
import { describeHttpApis } from './describe/http-apis.ts';
import { describeFenceCollections, describeTrackerConsumers, describeTrackers } from './describe/location.ts';
import { describeMappings } from './describe/mappings.ts';
import { describeQueues } from './describe/queues.ts';
import { describeSchedules } from './describe/schedules.ts';
import { describeStreams } from './describe/streams.ts';
import { describeTables } from './describe/tables.ts';
import { describeUserPools } from './describe/user-pools.ts';
import { describeWebHeaders } from './describe/web-app.ts';
import type { CloudDescription } from './description.ts';
import type { Addresses } from './names.ts';
import { openWorld } from './world.ts';

/** Reads the assembly in `dir`; `addresses` are where the servers already listen. Throws on what it cannot run. */
export function readAssembly(dir: string, addresses: Addresses): CloudDescription {
  const world = openWorld(readStacks(dir), addresses);
  refuseUnknown(world.resources);
  const streams = describeStreams(world);
  const queues = describeQueues(world);
  const functions = describeFunctions(world);
  return {
    functions,
    tables: describeTables(world),
    streams,
    queues,
    collections: describeCollections(world),
    trackers: describeTrackers(world),
    fenceCollections: describeFenceCollections(world),
    trackerConsumers: describeTrackerConsumers(world),
    mappings: describeMappings(world, streams, queues),
    schedules: describeSchedules(world),
    eventRules: describeEventRules(world, functions, queues),
    eventInvokes: describeEventInvokes(world, functions, queues),
    httpApis: describeHttpApis(world, addresses.issuer),
    userPools: describeUserPools(world),
    webHeaders: describeWebHeaders(world),
  };
}
