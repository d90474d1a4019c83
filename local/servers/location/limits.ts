/** Limits of Amazon Location, from its service model and its quotas pages. */
export const COLLECTIONS_MAX = 1_500;
export const GEOFENCES_PER_COLLECTION_MAX = 50_000;
export const TRACKERS_MAX = 500;
export const CONSUMERS_PER_TRACKER_MAX = 5;

/** Items of one batch call, of geofences or positions. */
export const ITEMS_PER_CALL_MAX = 10;
export const DEVICES_PER_DELETION_MAX = 100;
export const ROWS_PER_PAGE_MAX = 100;

export const ACCURACY_M_MAX = 10_000_000;
export const TAGS_MAX = 50;

/** Custom properties of a geofence and of a position. */
export const GEOFENCE_PROPERTIES = { entriesMax: 3, valueLengthMax: 40 } as const;
export const POSITION_PROPERTIES = { entriesMax: 4, valueLengthMax: 150 } as const;

/** A time-based tracker stores one position per device in this interval. */
export const STORED_EVERY_MS = 30_000;
/** A distance-based tracker drops a position that has moved less. */
export const MOVED_M_MIN = 30;

/**
 * How long positions, and the geofences that a device is in, are kept. AWS does not document whether it
 * counts from the sample time or from the arrival; counted from the arrival, old recordings can be replayed.
 */
export const KEPT_MS = 30 * 24 * 60 * 60_000;

/** The period of a history whose request gives no start. */
export const HISTORY_MS_DEFAULT = 24 * 60 * 60_000;
