/** Ports: the queues between functions. */

import type { ChangeNotice } from '#contracts/events/change-notices.ts';
import type { ErasureWork } from '#contracts/http/erasures.ts';
import type { FaceNotice } from '#contracts/http/frames.ts';

export interface ChangeQueue {
  /** Sends all notices; throws if any was not sent. */
  send(notices: readonly ChangeNotice[]): Promise<void>;
}

export interface ErasureQueue {
  /** Sends work that becomes visible after `delaySeconds` (0–900); throws if it was not sent. */
  send(work: ErasureWork, delaySeconds: number): Promise<void>;
}

export interface NoticeQueue {
  /** Sends a notice that becomes visible after `delaySeconds` (0–900); throws if it was not sent. */
  send(notice: FaceNotice, delaySeconds: number): Promise<void>;
}
