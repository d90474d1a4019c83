/** Why a service did not accept an entry of a batch. */

/** An entry that was not accepted, by its index in the list. */
export interface NotAccepted {
  readonly index: number;
  /** Whether a retry would be rejected, too. */
  readonly isFinal: boolean;
  /** The service's own message. It contains no position. */
  readonly reason: string;
}
