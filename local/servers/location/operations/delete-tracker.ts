/** DeleteTracker, with all positions. */
import { type Location, trackerOf } from '../location.ts';
import { operation } from '../rest-json.ts';
import { trackerName } from '../shapes.ts';

export const deleteTracker = (location: Location) =>
  operation('DELETE /tracking/v0/trackers/{TrackerName}', trackerName, (input) => {
    location.trackers.delete(trackerOf(location, input));
    location.wipe();
    return {};
  });
