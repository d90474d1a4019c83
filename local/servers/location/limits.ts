/** What AWS allows, from Amazon Location's service model and its pages of quotas. */
export const COLLECTIONS_MAX = 1_500;
export const GEOFENCES_PER_COLLECTION_MAX = 50_000;
export const TRACKERS_MAX = 500;
export const CONSUMERS_PER_TRACKER_MAX = 5;

/** In one call to put, delete or evaluate, to update or to get. */
export const ITEMS_PER_CALL_MAX = 10;
export const DEVICES_PER_DELETION_MAX = 100;
export const ROWS_PER_PAGE_MAX = 100;

export const ACCURACY_M_MAX = 10_000_000;
export const TAGS_MAX = 50;

/** What may be told beside a fence and beside a position. */
export const GEOFENCE_PROPERTIES = { entriesMax: 3, valueLengthMax: 40 } as const;
export const POSITION_PROPERTIES = { entriesMax: 4, valueLengthMax: 150 } as const;

/** A tracker that filters by time keeps one position of a device per so long. */
export const STORED_EVERY_MS = 30_000;
/** One that filters by distance drops what has not moved further. */
export const MOVED_M_MIN = 30;

/**
 * How long positions are kept after they came in, and how long it is known in which fences a device was after it last said
 * anything. AWS does not say whether it counts from the sample or from its arrival; by arrival, old recordings can be played back.
 */
export const KEPT_MS = 30 * 24 * 60 * 60_000;

/** What of a device's past is told when a call does not say. */
export const HISTORY_MS_DEFAULT = 24 * 60 * 60_000;
