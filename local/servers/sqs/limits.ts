/** AWS's limits, from the SQS API reference and its quotas pages. */
export const BATCH_ENTRIES_MAX = 10;
export const MESSAGE_BYTES_MAX = 1024 * 1024;
export const MESSAGE_ATTRIBUTES_MAX = 10;
export const RECEIVE_MAX = 10;
export const WAIT_SECONDS_MAX = 20;
export const VISIBILITY_SECONDS_MAX = 43_200;
export const DELAY_SECONDS_MAX = 900;
