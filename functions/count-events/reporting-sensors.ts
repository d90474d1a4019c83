/**
 * Which sensors a warm function has already written down as heard, per store and day. A camera tells of a sighting many
 * times a second, and its store's day needs to know only once a day that it is alive.
 */

/** More than this are a chain larger than any, on many days; the memory is then begun anew, at the cost of some writes. */
const HEARD_MAX = 50_000;

export interface ReportingSensors {
  has(report: string): boolean;
  /** Only once it is written: what was forgotten is written again, what was remembered too early never. */
  add(report: string): void;
}

export function reportingSensors(): ReportingSensors {
  const heard = new Set<string>();
  return {
    has: (report) => heard.has(report),
    add(report) {
      if (heard.size >= HEARD_MAX) heard.clear();
      heard.add(report);
    },
  };
}
