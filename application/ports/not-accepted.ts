/** Why a service did not accept an entry of a batch. */

/** What was not taken of a list, by its place in it. */
export interface NotAccepted {
  readonly index: number;
  /** Whether it would be refused again. */
  readonly isFinal: boolean;
  /** The service's own words. They name no position. */
  readonly reason: string;
}
