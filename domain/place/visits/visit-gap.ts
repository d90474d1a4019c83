/** The gap that ends a visit, apart from the visits because evidence is bridged by it, too. */
import { MINUTE_MS } from '../../chain/duration.ts';

/** Sightings further apart than this belong to two visits. */
export const VISIT_GAP_MS_MAX = 15 * MINUTE_MS;
