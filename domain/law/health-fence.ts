/** Geofences round health services, which some laws forbid. */
import type { BusinessDay } from '../chain/business-day.ts';
import type { Store } from '../chain/store.ts';
import { geofenceOf } from '../place/geo/store-location.ts';
import { pushRulesOf } from './push-rules.ts';

/**
 * Reports whether the law forbids the geofence of a store that renders health services: where its circle is as small as the
 * law names, or smaller. The size of a polygon is not measured, so every polygon counts.
 */
export function isHealthFence(store: Store, today: BusinessDay): boolean {
  if (store.isHealthService !== true) return false;
  const { healthFenceM } = pushRulesOf(store, today);
  if (healthFenceM === 0) return false;
  const geofence = geofenceOf(store);
  return geofence === undefined || geofence.kind === 'polygon' || geofence.radiusM <= healthFenceM;
}
