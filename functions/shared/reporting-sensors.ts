/**
 * The sensors that a warm function has already recorded as reporting, by store and day. A camera reports many sightings a
 * second, while its store's day records once that the sensor reported at all.
 */

/** More than the sensors of any chain over many days; at this size the set is cleared, at the cost of some writes. */
const REPORTS_MAX = 50_000;

export interface ReportingSensors {
  has(report: string): boolean;
  /** Call only after the write: a report added before a failed write would never be written. */
  add(report: string): void;
}

/** Creates an empty set of reports. */
export function reportingSensors(): ReportingSensors {
  const reports = new Set<string>();
  return {
    has: (report) => reports.has(report),
    add(report) {
      if (reports.size >= REPORTS_MAX) reports.clear();
      reports.add(report);
    },
  };
}
