/** The clock of retries in a deployed function: real pauses with random jitter. */
import { setTimeout as pause } from 'node:timers/promises';
import type { RetryClock } from '#application/ingestion/append.ts';

export const retryClock: RetryClock = {
  pause: async (ms) => void (await pause(ms)),
  random: Math.random,
};
