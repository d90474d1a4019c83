/** Ports: the queues between functions. */

import type { ChangeNotice } from '#contracts/events/change-notices.ts';
import type { ErasureWork } from '#contracts/http/erasures.ts';
import type { FaceNotice } from '#contracts/http/frames.ts';

export interface ChangeQueue {
  /** Sends all notices, or throws. */
  send(notices: readonly ChangeNotice[]): Promise<void>;
}

export interface ErasureQueue {
  /** Sends work that nobody begins before so many seconds have passed (at most 900), or throws. */
  send(work: ErasureWork, delaySeconds: number): Promise<void>;
}

export interface NoticeQueue {
  /** Sends a notice that nobody sees before so many seconds have passed (at most 900), or throws. */
  send(notice: FaceNotice, delaySeconds: number): Promise<void>;
}
