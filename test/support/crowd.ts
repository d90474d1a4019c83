/**
 * A camera that sends a crowd, frame after frame at its own pace, whatever the response: no frame is sent again, so the
 * counts are those of first responses.
 */
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { eventName } from '#contracts/events/envelope.ts';
import { FrameResponse } from '#contracts/http/frames.ts';
import { CROWD_STORE_ID, type CrowdStore } from './crowd-store.ts';

export interface CrowdAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly ms: number;
  /** Ids of the accepted sightings in the response; none for a rejected frame. */
  readonly sightings: readonly string[];
}

/** Sends frames for this long, and returns every response. */
export async function sendCrowd(
  store: CrowdStore,
  frames: readonly Uint8Array[],
  { seconds, perSecond }: { readonly seconds: number; readonly perSecond: number },
): Promise<CrowdAnswer[]> {
  const zero = performance.now();
  const answers: Promise<CrowdAnswer>[] = [];
  for (let index = 0; index < seconds * perSecond; index++) {
    const dueMs = zero + (index * 1_000) / perSecond - performance.now();
    if (dueMs > 0) await pause(dueMs);
    answers.push(answered(store, frames[index % frames.length] ?? new Uint8Array()));
  }
  return Promise.all(answers);
}

/** Sends one frame; status 0 without a response. */
async function answered(store: CrowdStore, frame: Uint8Array): Promise<CrowdAnswer> {
  const started = performance.now();
  try {
    const response = await store.post(frame, Date.now());
    const body: unknown = await response.json();
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      ms: performance.now() - started,
      sightings: response.status === 202 ? namesOf(v.parse(FrameResponse, body)) : [],
    };
  } catch {
    return { status: 0, retryAfter: null, ms: performance.now() - started, sightings: [] };
  }
}

const namesOf = ({ frame, faces }: FrameResponse): string[] =>
  faces.map((_, index) => eventName(CROWD_STORE_ID, 'frame', frame, index));

export interface CrowdTally {
  readonly accepted: number;
  /** Rejected with a Retry-After header. */
  readonly refused: number;
  /** Any other response, by its status. */
  readonly other: ReadonlyMap<number, number>;
  /** Faces of accepted frames. */
  readonly faces: number;
  /** Sightings of accepted frames that are not on the log. */
  readonly missing: number;
}

export function tally(answers: readonly CrowdAnswer[], onLog: ReadonlySet<string>): CrowdTally {
  const isRefusal = ({ status, retryAfter }: CrowdAnswer) => status === 429 && /^\d+$/.test(retryAfter ?? '');
  const other = new Map<number, number>();
  for (const answer of answers) {
    if (answer.status === 202 || isRefusal(answer)) continue;
    other.set(answer.status, (other.get(answer.status) ?? 0) + 1);
  }
  const names = answers.flatMap(({ sightings }) => sightings);
  return {
    accepted: answers.filter(({ status }) => status === 202).length,
    refused: answers.filter(isRefusal).length,
    other,
    faces: names.length,
    missing: names.filter((name) => !onLog.has(name)).length,
  };
}
