/**
 * From the output directory of `cdk synth` to a description of the cloud: the local cloud's only source of
 * wiring.
 */
import { readStacks } from './assembly.ts';
import { rejectUnknownTypes } from './coverage.ts';
import { describeCollections } from './describe/collections.ts';
import { describeEventInvokeConfigs } from './describe/event-invoke-configs.ts';
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
import { resolveStacks } from './resolved-stacks.ts';

/**
 * Returns the cloud that the assembly in `dir` describes; `addresses` are those of the running servers.
 *
 * @throws with the resource's id, where the local cloud cannot run a resource
 */
export function readAssembly(dir: string, addresses: Addresses): CloudDescription {
  const stacks = resolveStacks(readStacks(dir), addresses);
  rejectUnknownTypes(stacks.resources);
  const streams = describeStreams(stacks);
  const queues = describeQueues(stacks);
  const functions = describeFunctions(stacks);
  return {
    functions,
    tables: describeTables(stacks),
    streams,
    queues,
    collections: describeCollections(stacks),
    trackers: describeTrackers(stacks),
    fenceCollections: describeFenceCollections(stacks),
    trackerConsumers: describeTrackerConsumers(stacks),
    mappings: describeMappings(stacks, streams, queues),
    schedules: describeSchedules(stacks),
    eventRules: describeEventRules(stacks, functions, queues),
    eventInvokeConfigs: describeEventInvokeConfigs(stacks, functions, queues),
    httpApis: describeHttpApis(stacks, addresses.issuer),
    userPools: describeUserPools(stacks),
    webHeaders: describeWebHeaders(stacks),
  };
}
