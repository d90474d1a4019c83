/** What AWS allows, from Rekognition's service model, API reference and page of quotas. */
export const IMAGE_BYTES_MAX = 5 * 1024 * 1024;
/** Of either side. */
export const IMAGE_PIXELS_MIN = 80;
/** The largest number of faces that is found in one picture. */
export const FACES_PER_IMAGE_MAX = 100;
export const FACES_PER_COLLECTION_MAX = 20_000_000;
export const USERS_PER_COLLECTION_MAX = 10_000_000;
export const FACES_PER_USER_MAX = 100;
/** In one call to list, delete or search. */
export const FACES_PER_CALL_MAX = 4096;
export const USERS_PER_CALL_MAX = 500;
/** In one call to associate or disassociate. */
export const FACES_PER_ASSOCIATION_MAX = 100;
export const TAGS_MAX = 200;

/** The similarities, of 100, that are asked for when a call names none. */
export const MATCH_MIN_DEFAULT = 80;
export const ASSOCIATE_MATCH_MIN_DEFAULT = 75;

/**
 * How long after its faces have changed a user's vector takes effect. AWS promises no figure: a user is UPDATING
 * for a moment, and a search in that moment does not see the change.
 */
export const USER_READY_MS = 500;

/** How long a request token is remembered. AWS gives no figure; any client has stopped retrying by then. */
export const TOKEN_LIFE_MS = 60 * 60_000;

/** Pictures under way or waiting at a time: with the largest picture, 160 MB. */
export const PICTURES_MAX = 32;
