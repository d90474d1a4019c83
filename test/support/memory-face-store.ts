/** A store of frames, users and aliases in memory, with the conditions of the real table. */

import { FRAME_HELD_MS_MAX } from '#adapters/dynamodb/frame-store.ts';
import type { FaceStore, FaceUserAlias } from '#application/ports/face-store.ts';
import { FRAME_RUN_MS_MAX, type FrameTicket } from '#application/ports/frame-store.ts';
import { defined } from '#application/support/defined.ts';
import type { FaceUser } from '#domain/people/faces/face-user.ts';

interface FrameRow {
  state: 'working' | 'sweeping' | 'open' | 'done';
  attempt: number;
  startedAtMs: number;
  plan?: string;
  result?: string;
}

export interface MemoryFaceStore extends FaceStore {
  /** Rows of faces, by face. */
  readonly faces: ReadonlyMap<string, string>;
  spent(storeId: string, day: string): number;
}

export function memoryFaceStore(): MemoryFaceStore {
  const frames = new Map<string, FrameRow>();
  const spent = new Map<string, number>();
  const callsMax = new Map<string, number>();
  const users = new Map<string, FaceUser>();
  const faces = new Map<string, string>();
  const evidence = new Map<string, Set<string>>();
  const aliases = new Map<string, FaceUserAlias>();

  const own = ({ frameId, attempt }: FrameTicket): FrameRow | undefined => {
    const row = frames.get(frameId);
    const isMine = row?.attempt === attempt && (row.state === 'working' || row.state === 'sweeping');
    return isMine ? row : undefined;
  };
  const change = (userId: string, edit: (user: FaceUser) => FaceUser): void => {
    const user = users.get(userId);
    if (user !== undefined) users.set(userId, edit(user));
  };
  const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])].sort();

  return {
    faces,
    spent: (storeId, day) => spent.get(`${storeId}#${day}`) ?? 0,
    async claimFrame(frameId, nowMs) {
      const row = frames.get(frameId);
      if (row?.state === 'done') return { kind: 'done', result: row.result ?? '' };
      if (row !== undefined && row.state !== 'open' && row.startedAtMs > nowMs - FRAME_HELD_MS_MAX) {
        return { kind: 'held' };
      }
      const attempt = (row?.attempt ?? 0) + 1;
      frames.set(frameId, { ...row, state: 'working', attempt, startedAtMs: nowMs });
      const ticket = { frameId, attempt };
      return { kind: 'claimed', ticket, ...(row?.plan === undefined ? {} : { plan: row.plan }) };
    },
    async keepPlan(ticket, plan) {
      const row = own(ticket);
      if (row === undefined) return false;
      row.plan = plan;
      return true;
    },
    async finish(ticket, result) {
      const row = own(ticket);
      if (row === undefined) return false;
      row.state = 'done';
      row.result = result;
      delete row.plan;
      return true;
    },
    async release(ticket, isPlanKept) {
      const row = own(ticket);
      if (row === undefined) return;
      row.state = 'open';
      if (!isPlanKept) delete row.plan;
    },
    async lookAgain(ticket, nowMs) {
      const row = frames.get(ticket.frameId);
      if (row === undefined) return { kind: 'over' };
      if (row.state === 'done' || row.state === 'open') {
        return { kind: row.attempt > 1 ? 'over after a crash' : 'over' };
      }
      if (row.attempt !== ticket.attempt) return { kind: 'over' };
      if (row.state === 'working' && row.startedAtMs > nowMs - FRAME_RUN_MS_MAX) return { kind: 'too early' };
      row.state = 'sweeping';
      row.startedAtMs = nowMs;
      const { frameId, attempt } = ticket;
      return {
        kind: 'to sweep',
        ticket: { frameId, attempt },
        ...defined({ plan: row.plan }),
      };
    },
    async isHeld(frameId, nowMs) {
      const row = frames.get(frameId);
      if (row === undefined || row.state === 'done' || row.state === 'open') return false;
      return row.startedAtMs > nowMs - FRAME_HELD_MS_MAX;
    },
    async spend(storeId, day, calls, max) {
      const key = `${storeId}#${day}`;
      const before = spent.get(key) ?? 0;
      if (before + calls > max) return false;
      spent.set(key, before + calls);
      return true;
    },
    callsMax: async (storeId) => callsMax.get(storeId),
    setCallsMax: async (storeId, max) => void callsMax.set(storeId, max),
    users: async (userIds) => [...new Set(userIds)].flatMap((userId) => users.get(userId) ?? []),
    async *allUsers() {
      yield* [...users.values()];
    },
    async enrol(user) {
      for (const faceId of user.faceIds) faces.set(faceId, user.userId);
      const known = users.get(user.userId) ?? { ...user, faceIds: [], seenOn: [] };
      const seen = new Map([...known.seenOn, ...user.seenOn].map((on) => [`${on.day} ${on.storeId}`, on]));
      users.set(user.userId, {
        ...known,
        kind: user.kind,
        faceIds: union(known.faceIds, user.faceIds),
        seenOn: [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, on]) => on),
        ...defined({ consent: user.consent }),
      });
    },
    usersOfFaces: async (faceIds) =>
      new Map(
        faceIds.flatMap((faceId) => {
          const userId = faces.get(faceId);
          return userId === undefined ? [] : [[faceId, userId] as const];
        }),
      ),
    async addFace(userId, faceId) {
      if (!users.has(userId)) return;
      change(userId, (user) => ({ ...user, faceIds: union(user.faceIds, [faceId]) }));
      faces.set(faceId, userId);
    },
    async dropFace(userId, faceId) {
      change(userId, (user) => ({ ...user, faceIds: user.faceIds.filter((one) => one !== faceId) }));
      if (faces.get(faceId) === userId) faces.delete(faceId);
    },
    async seenAt(userId, atMs) {
      change(userId, (user) => ({ ...user, lastSeenAtMs: Math.max(user.lastSeenAtMs, atMs) }));
    },
    async seen(userId, { storeId, day }, atMs) {
      change(userId, (user) => {
        const isNew = !user.seenOn.some((on) => on.storeId === storeId && on.day === day);
        const seenOn = isNew ? [...user.seenOn, { storeId, day }] : user.seenOn;
        const text = (on: { day: string; storeId: string }) => `${on.day} ${on.storeId}`;
        return {
          ...user,
          seenOn: [...seenOn].sort((a, b) => (text(a) < text(b) ? -1 : 1)),
          lastSeenAtMs: Math.max(user.lastSeenAtMs, atMs),
        };
      });
    },
    async withdraw(userId, atMs) {
      change(userId, (user) =>
        user.consent === undefined || user.consent.withdrawnAtMs !== undefined
          ? user
          : { ...user, consent: { ...user.consent, withdrawnAtMs: atMs } },
      );
    },
    async setMergedInto(userId, into) {
      change(userId, ({ mergedInto: _, ...user }) =>
        into === undefined ? user : { ...user, mergedInto: into },
      );
    },
    async forget(userId, faceIds) {
      for (const faceId of faceIds) if (faces.get(faceId) === userId) faces.delete(faceId);
      users.delete(userId);
    },
    async addEvidence(pair, frameId) {
      const known = evidence.get(pair.join('#')) ?? new Set();
      evidence.set(pair.join('#'), known.add(frameId));
      return known.size;
    },
    alias: async (from) => aliases.get(from),
    putAlias: async (alias) => void aliases.set(alias.from, alias),
  };
}
