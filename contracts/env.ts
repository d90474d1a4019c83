/**
 * The environment variables of functions. The template writes these names and the handlers read them. A handler without a
 * required variable fails at its cold start, not at its first event.
 */

export const env = {
  chainTable: 'CHAIN_TABLE',
  devicesTable: 'DEVICES_TABLE',
  factsTable: 'FACTS_TABLE',
  cellsTable: 'CELLS_TABLE',
  deadLettersTable: 'DEAD_LETTERS_TABLE',
  visitsTable: 'VISITS_TABLE',
  facesTable: 'FACES_TABLE',
  peopleTable: 'PEOPLE_TABLE',
  campaignsTable: 'CAMPAIGNS_TABLE',
  trackerName: 'TRACKER_NAME',
  fenceCollection: 'FENCE_COLLECTION',
  fcmApplicationArn: 'FCM_APPLICATION_ARN',
  apnsApplicationArn: 'APNS_APPLICATION_ARN',
  erasuresQueueUrl: 'ERASURES_QUEUE_URL',
  collectionId: 'COLLECTION_ID',
  framesQueueUrl: 'FRAMES_QUEUE_URL',
  eventsStream: 'EVENTS_STREAM',
  changesQueueUrl: 'CHANGES_QUEUE_URL',
  productChangesQueueUrl: 'PRODUCT_CHANGES_QUEUE_URL',
} as const;

/**
 * Where functions run, as the law needs it. The local cloud alone sets the first, so that no deployment is taken for one;
 * the second places the local cloud in a country, by default that of each store. On AWS the region decides.
 */
export const cloudEnv = { local: 'AISLE_LOCAL', localCountry: 'AISLE_LOCAL_COUNTRY' } as const;

export type EnvName = (typeof env)[keyof typeof env];

/**
 * Returns the value of a variable.
 *
 * @throws Error that names the variable if it is absent or empty
 */
export function requireEnv(variables: Record<string, string | undefined>, name: EnvName): string {
  const value = variables[name];
  if (value === undefined || value === '') throw new Error(`environment variable ${name} is not set`);
  return value;
}
