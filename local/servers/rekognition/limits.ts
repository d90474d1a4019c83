/** Limits of Rekognition, from its service model, API reference and quotas page. */
export const IMAGE_BYTES_MAX = 5 * 1024 * 1024;
/** Minimum of either side of a picture. */
export const IMAGE_PIXELS_MIN = 80;
/** Faces that are detected in one picture. */
export const FACES_PER_IMAGE_MAX = 100;
export const FACES_PER_COLLECTION_MAX = 20_000_000;
export const USERS_PER_COLLECTION_MAX = 10_000_000;
export const FACES_PER_USER_MAX = 100;
/** In one call to list, delete or search faces. */
export const FACES_PER_CALL_MAX = 4096;
export const USERS_PER_CALL_MAX = 500;
/** In one call to associate or disassociate faces. */
export const FACES_PER_ASSOCIATION_MAX = 100;
export const TAGS_MAX = 200;

/** Similarity thresholds, 0 to 100, of calls that give none. */
export const MATCH_MIN_DEFAULT = 80;
export const ASSOCIATE_MATCH_MIN_DEFAULT = 75;

/**
 * Delay from a change of a user's faces until its vector takes effect. AWS documents the delay without a
 * figure.
 */
export const USER_READY_MS = 500;

/** Lifetime of a request token. AWS gives no figure; clients have stopped retrying by then. */
export const TOKEN_LIFE_MS = 60 * 60_000;

/** Pictures in the server at a time, processing or waiting: at most 160 MB. */
export const PICTURES_MAX = 32;
