/** AWS's limits, from the Kinesis API reference and its quotas page. */
export const STREAM_NAME_CHARS_MAX = 128;
export const PARTITION_KEY_CHARS_MAX = 256;
export const RECORD_BYTES_MAX = 1024 * 1024;
export const PUT_RECORDS_MAX = 500;
export const PUT_RECORDS_BYTES_MAX = 5 * 1024 * 1024;
export const GET_RECORDS_MAX = 10_000;
export const GET_RECORDS_BYTES_MAX = 10 * 1024 * 1024;
/** Of a shard iterator and of a page token. */
export const TOKEN_LIFE_MS = 5 * 60_000;
export const RETENTION_HOURS_MIN = 24;
export const RETENTION_HOURS_MAX = 8760;
export const SHARDS_MAX = 10_000;

/** A stream on demand starts with four shards, which give its promised 4 MB/s and 4000 records/s. */
export const ON_DEMAND_SHARDS = 4;

/** The rate of one shard. */
export const SHARD_RECORDS_PER_SECOND = 1000;
export const SHARD_BYTES_PER_SECOND = 1024 * 1024;
