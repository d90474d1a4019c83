/**
 * Where a cloud is: what the local cloud writes down as `cloud.json` when it has started, and what the
 * `aisle` command makes of a deployment's outputs. Names and addresses only; there is no secret in it.
 */
import * as v from 'valibot';

export const CloudFile = v.object({
  /** Where tills post: http://127.0.0.1:4280 */
  url: v.optional(v.string()),
  region: v.optional(v.string(), 'us-east-1'),
  /** Where a local cloud keeps its state; another directory is another cloud, though it has the same address. */
  dataDir: v.optional(v.string()),
  /** Absent on AWS, where the SDK finds them. */
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
    letters: v.optional(v.string()),
    visits: v.optional(v.string()),
    faces: v.optional(v.string()),
    people: v.optional(v.string()),
    moments: v.optional(v.string()),
  }),
  /** Queue URLs. */
  queues: v.object({ cellsChanged: v.optional(v.string()), productsChanged: v.optional(v.string()) }),
  stream: v.optional(v.string()),
  /** The Rekognition collection. */
  collection: v.optional(v.string()),
  /** Where Amazon Location keeps phones, and the stores' fences. */
  trackerName: v.optional(v.string()),
  fenceCollection: v.optional(v.string()),
});

export type CloudFile = v.InferOutput<typeof CloudFile>;
