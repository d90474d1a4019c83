/**
 * The addresses of a deployment: the file `cloud.json` that the local cloud writes at its start, and that the `aisle` command
 * builds from the outputs of a stack. It holds names and addresses, and no secret.
 */
import * as v from 'valibot';

export const CloudFile = v.object({
  /** The base URL of the API: http://127.0.0.1:4280 */
  url: v.optional(v.string()),
  region: v.optional(v.string(), 'us-east-1'),
  /** The state of a local cloud; another directory is another cloud, even at the same address. */
  dataDir: v.optional(v.string()),
  /** Absent on AWS, where the SDK resolves them. */
  endpoints: v.optional(
    v.object({
      dynamodb: v.string(),
      kinesis: v.string(),
      sqs: v.string(),
      rekognition: v.string(),
      location: v.optional(v.string()),
      sns: v.optional(v.string()),
    }),
  ),
  tables: v.object({
    chain: v.optional(v.string()),
    devices: v.optional(v.string()),
    facts: v.optional(v.string()),
    cells: v.optional(v.string()),
    deadLetters: v.optional(v.string()),
    visits: v.optional(v.string()),
    faces: v.optional(v.string()),
    people: v.optional(v.string()),
    campaigns: v.optional(v.string()),
  }),
  /** Queue URLs. */
  queues: v.object({ cellsChanged: v.optional(v.string()), productsChanged: v.optional(v.string()) }),
  stream: v.optional(v.string()),
  /** The Rekognition collection. */
  collection: v.optional(v.string()),
  /** The tracker and the geofence collection of Amazon Location. */
  trackerName: v.optional(v.string()),
  fenceCollection: v.optional(v.string()),
});

export type CloudFile = v.InferOutput<typeof CloudFile>;
