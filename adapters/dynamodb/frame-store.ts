/**
 * Frames in the faces table: which function processes one, its plan and its result.
 *
 * A frame is processed by one function at a time, and its result is final: a frame that is sent again gets the stored
 * result. The claim of a crashed function expires by the clock, and every write that ends an attempt names the attempt, so a
 * slow function cannot end another's.
 */
import { FRAME_RUN_MS_MAX, type FrameStore, type FrameTicket } from '#application/ports/frame-store.ts';
import { expiryOf, type Rows } from './face-rows.ts';

/** A frame that was not finished after this long is processed again when it is sent again. */
export const FRAME_HELD_MS_MAX = 30_000;

/** A day longer than a camera may be late: the result is stored as long as the frame is accepted. */
const FRAME_KEPT_DAYS = 9;
const frameKey = (frameId: string) => ({ pk: `FRAME#${frameId}`, sk: 'FRAME' });

/** Returns the store of frames: a list of short methods over one table. */
export function dynamoFrameStore({ read, update }: Rows): FrameStore {
  const ofAttempt = ({ frameId, attempt }: FrameTicket) => ({
    Key: frameKey(frameId),
    ConditionExpression: 'attempt = :attempt AND #state IN (:working, :sweeping)',
    ExpressionAttributeNames: { '#state': 'state' },
    values: { ':attempt': attempt, ':working': 'working', ':sweeping': 'sweeping' },
  });

  async function endAttempt(ticket: FrameTicket, change: string, more: Record<string, unknown>) {
    const { values, ...condition } = ofAttempt(ticket);
    const row = await update({
      ...condition,
      UpdateExpression: change,
      ExpressionAttributeValues: { ...values, ...more },
    });
    return row !== undefined;
  }

  return {
    async claimFrame(frameId, nowMs) {
      const row = await update({
        Key: frameKey(frameId),
        UpdateExpression: 'SET #state = :working, startedAtMs = :now, expiresAt = :expiry ADD attempt :one',
        ConditionExpression:
          'attribute_not_exists(pk) OR #state = :open OR (#state <> :done AND startedAtMs <= :dead)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':working': 'working',
          ':open': 'open',
          ':done': 'done',
          ':now': nowMs,
          ':dead': nowMs - FRAME_HELD_MS_MAX,
          ':expiry': expiryOf(nowMs, FRAME_KEPT_DAYS),
          ':one': 1,
        },
      });
      if (row !== undefined) {
        return {
          kind: 'claimed',
          ticket: { frameId, attempt: Number(row['attempt']) },
          ...(row['planJson'] === undefined ? {} : { plan: String(row['planJson']) }),
        };
      }
      const existing = await read(frameKey(frameId));
      return existing?.['state'] === 'done'
        ? { kind: 'done', result: String(existing['resultJson']) }
        : { kind: 'held' };
    },
    keepPlan: (ticket, plan) => endAttempt(ticket, 'SET planJson = :plan', { ':plan': plan }),
    finish: (ticket, result) =>
      endAttempt(ticket, 'SET #state = :done, resultJson = :result REMOVE planJson', {
        ':done': 'done',
        ':result': result,
      }),
    async release(ticket, isPlanKept) {
      await endAttempt(ticket, `SET #state = :open${isPlanKept ? '' : ' REMOVE planJson'}`, {
        ':open': 'open',
      });
    },
    async lookAgain({ frameId, attempt }, nowMs) {
      const row = await read(frameKey(frameId));
      if (row === undefined) return { kind: 'over' };
      const latest = Number(row['attempt']);
      if (row['state'] === 'done' || row['state'] === 'open') {
        return { kind: latest > 1 ? 'over after a crash' : 'over' };
      }
      // A later attempt has a recheck of its own.
      if (latest !== attempt) return { kind: 'over' };
      if (row['state'] === 'working' && Number(row['startedAtMs']) > nowMs - FRAME_RUN_MS_MAX) {
        return { kind: 'too early' };
      }
      const ticket = { frameId, attempt };
      const isTaken = await endAttempt(ticket, 'SET #state = :sweeping, startedAtMs = :now', {
        ':now': nowMs,
      });
      if (!isTaken) return { kind: 'over' };
      return {
        kind: 'to sweep',
        ticket,
        ...(row['planJson'] === undefined ? {} : { plan: String(row['planJson']) }),
      };
    },
    async isHeld(frameId, nowMs) {
      const row = await read(frameKey(frameId));
      if (row === undefined || row['state'] === 'done' || row['state'] === 'open') return false;
      return Number(row['startedAtMs']) > nowMs - FRAME_HELD_MS_MAX;
    },
  };
}
