import { describe, expect, it } from 'vitest';
import { identifyBestShot } from '#application/faces/identify-best-shot.ts';
import { FaceIndexBusy } from '#application/ports/face-index.ts';
import {
  FRAME_AHEAD_MS_MAX,
  LATE_MS_MAX,
  type RecognisedFrame,
} from '#functions/recognise-faces/recognise-faces.ts';
import { SZ01 } from '../../support/chain.ts';
import { CAM, cutPorts, faceOf, faceWorld, permissionsIn, SIZE, START_MS } from '../../support/face-world.ts';
import { gather } from '../../support/gather.ts';
import { jpegOf } from '../../support/jpeg.ts';

function answerOf(taken: RecognisedFrame) {
  if (taken.kind === 'rejected') throw new Error(taken.problem.detail ?? taken.problem.title);
  return taken.response;
}
const outcomesOf = (taken: RecognisedFrame) => answerOf(taken).faces.map(({ outcome }) => outcome);
const statusOf = (taken: RecognisedFrame) => (taken.kind === 'rejected' ? taken.problem.status : 202);

describe('a frame', () => {
  it('returns one outcome per face, and publishes each sighting once', async () => {
    const world = faceWorld('visitors');
    await world.know('m.M1', 'member', faceOf(1));
    await world.know('s.S1', 'staff', faceOf(2));
    const bytes = world.picture('a', [
      faceOf(1, 1),
      faceOf(2, 1),
      faceOf(3),
      faceOf(4, 0, { yaw: 50 }),
      faceOf(5, 0, { sharpness: 1 }),
      { ...faceOf(6), unfit: true },
    ]);
    const answer = answerOf(await world.see(bytes));
    expect(answer.faces.map(({ outcome, visitor, reasons }) => ({ outcome, visitor, reasons }))).toEqual([
      { outcome: 'member', visitor: 'user.m.M1', reasons: undefined },
      { outcome: 'staff', visitor: 'user.s.S1', reasons: undefined },
      { outcome: 'enrolled', visitor: `user.v.${answer.frame}.2`, reasons: undefined },
      { outcome: 'not-retained', visitor: undefined, reasons: ['turned away'] },
      { outcome: 'low-quality', visitor: undefined, reasons: ['blurred'] },
      { outcome: 'low-quality', visitor: undefined, reasons: ['LOW_SHARPNESS'] },
    ]);
    const events = world.events();
    expect(events.map(({ id }) => id)).toEqual(
      answer.faces.map((_, index) => `sz01/frame/${answer.frame}/${index}`),
    );
    expect(events[1]).toMatchObject({
      data: { isStaff: true, visitor: 'user.s.S1', businessDay: '2026-11-22' },
    });
    expect(events[3]?.data).not.toHaveProperty('visitor');
  });

  it('assigns each face to every zone that contains the middle of its box in pixels', async () => {
    const world = faceWorld('members');
    const box = (left: number) => ({ box: { left, top: 0.4, width: 0.1, height: 0.2 } });
    const bytes = world.picture('a', [faceOf(1, 0, box(0.44)), faceOf(2, 0, box(0.46))]);
    expect(answerOf(await world.see(bytes)).faces.map(({ zones }) => zones)).toEqual([['left'], []]);
    expect(world.sightings()).toEqual([
      { visitor: undefined, zones: ['left'] },
      { visitor: undefined, zones: [undefined] },
    ]);
    expect(world.events()[0]).toMatchObject({
      data: { presences: [{ kind: 'snapshot', fromMs: START_MS, toMs: START_MS }] },
    });
  });

  it('is rotated by its orientation tag before zones are matched', async () => {
    const world = faceWorld('members');
    const box = { left: 0.5, top: 0.4, width: 0.1, height: 0.1 };
    const see = async (orientation: number) => {
      const bytes = jpegOf({ width: 1080, height: 1920, orientation });
      world.index.draw(bytes, [faceOf(1, 0, { box })]);
      return answerOf(await world.see(bytes)).faces[0]?.zones;
    };
    // The zone ends at 960 pixels: 0.55 of 1080 lies in it, 0.55 of 1920 does not.
    expect(await see(1)).toEqual(['left']);
    expect(await see(6)).toEqual([]);
  });

  it('reports once a day that its camera works where no one is in the picture (V7)', async () => {
    const world = faceWorld('visitors');
    for (const salt of ['a', 'b']) await world.see(world.picture(salt, []));
    expect(world.events()).toMatchObject([
      {
        type: 'aisle.sensor.reported',
        data: { sensor: 'cam-1', businessDay: '2026-11-22', isCounting: true },
      },
    ]);
  });

  it('is scaled to the picture for which the zones are drawn (V6)', async () => {
    const box = { left: 0.44, top: 0.4, width: 0.1, height: 0.1 };
    const zonesOf = async (width: number, height: number) => {
      const world = faceWorld('members', { ...CAM, drawnFor: SIZE });
      const bytes = jpegOf({ width, height });
      world.index.draw(bytes, [faceOf(1, 0, { box })]);
      return answerOf(await world.see(bytes)).faces[0]?.zones;
    };
    expect(await zonesOf(1920, 1080)).toEqual(['left']);
    expect(await zonesOf(640, 360)).toEqual(['left']);
    expect(await zonesOf(3840, 2160)).toEqual(['left']);
  });

  it('returns no face for an empty picture', async () => {
    const world = faceWorld('visitors');
    expect(answerOf(await world.see(world.picture('empty', []))).faces).toEqual([]);
    expect(world.sightings()).toEqual([]);
  });

  it('costs one call to index thirty faces and one search per face, and enrols thirty visitors', async () => {
    const world = faceWorld('visitors');
    const bytes = world.picture(
      'crowd',
      Array.from({ length: 30 }, (_, person) => faceOf(person)),
    );
    const ports = cutPorts(world, { at: 0, isDone: false, isDead: false });
    expect(outcomesOf(await world.see(bytes, { ports }))).toEqual(Array(30).fill('enrolled'));
    const calls = (name: string) => ports.made.filter((one) => one === name).length;
    expect(calls('index.index')).toBe(1);
    expect(calls('index.searchUsers')).toBe(30);
    expect(calls('index.searchFaces')).toBe(30);
    expect(calls('index.associate')).toBe(30);
    expect(world.store.spent('sz01', '2026-11-22')).toBe(91);
    expect(world.index.userIds()).toHaveLength(30);
  });

  it('returns the same response when it is sent again, without a second enrolment or paid call', async () => {
    const world = faceWorld('visitors');
    const bytes = world.picture('a', [faceOf(1), faceOf(2)]);
    const first = await world.see(bytes);
    const [spent, users] = [world.store.spent('sz01', '2026-11-22'), world.index.userIds()];
    world.advance(86_400_000);
    expect(await world.see(bytes)).toEqual(first);
    expect(world.store.spent('sz01', '2026-11-22')).toBe(spent);
    expect(world.index.userIds()).toEqual(users);
    expect(world.events()).toHaveLength(2);
  });

  it('is a different frame from another camera or at another time', async () => {
    const world = faceWorld('members');
    const bytes = world.picture('a', []);
    const names = [
      answerOf(await world.see(bytes)).frame,
      answerOf(await world.see(bytes, { cameraId: 'cam-2' })).frame,
      answerOf(await world.see(bytes, { atMs: START_MS - 1 })).frame,
    ];
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it.each([
    ['a camera the store does not have', { cameraId: 'unknown' }],
    ['a door counter', { cameraId: 'door-1' }],
    ['a time in the future', { atMs: START_MS + FRAME_AHEAD_MS_MAX + 1 }],
    ['a time more than eight days back', { atMs: START_MS - LATE_MS_MAX - 1 }],
  ])('is rejected with %s, before any call', async (_, how) => {
    const world = faceWorld('visitors');
    const ports = cutPorts(world, { at: 0, isDone: false, isDead: false });
    expect(statusOf(await world.see(world.picture('a', [faceOf(1)]), { ports, ...how }))).toBe(422);
    expect(ports.calls()).toBe(0);
  });

  it.each([
    ['not a picture', Buffer.from('hello')],
    ['a truncated picture', jpegOf({ width: 640, height: 480 }).subarray(0, 30)],
    ['a picture of one pixel', jpegOf({ width: 1, height: 1 })],
    ['a picture of fifty megapixels', jpegOf({ width: 8_660, height: 5_774 })],
  ])('is rejected by its header alone: %s', async (_, bytes) => {
    const world = faceWorld('visitors');
    const ports = cutPorts(world, { at: 0, isDone: false, isDead: false });
    expect(statusOf(await world.see(bytes, { ports }))).toBe(422);
    expect(ports.calls()).toBe(0);
  });

  it('is rejected when the service cannot decode it, and is not paid for again', async () => {
    const world = faceWorld('visitors');
    const bytes = jpegOf({ width: 640, height: 480, salt: 'broken inside' });
    expect(statusOf(await world.see(bytes))).toBe(422);
    expect(statusOf(await world.see(bytes))).toBe(422);
    expect(world.store.spent('sz01', '2026-11-22')).toBe(1);
  });

  it.each(['index.index', 'index.searchUsers', 'index.searchFaces', 'index.createUser', 'index.associate'])(
    'is rejected with 429 while the service throttles %s, leaves nothing behind, and can be sent again',
    async (name) => {
      const sceneOf = () => {
        const world = faceWorld('visitors');
        return { world, bytes: world.picture('a', [faceOf(1), faceOf(2)]) };
      };
      const whole = sceneOf();
      const uncut = cutPorts(whole.world, { at: 0, isDone: false, isDead: false });
      await whole.world.see(whole.bytes, { ports: uncut });
      const { world, bytes } = sceneOf();
      const error = new FaceIndexBusy('a test');
      const at = uncut.made.indexOf(name) + 1;
      const taken = await world.see(bytes, {
        ports: cutPorts(world, { at, isDone: false, isDead: false, error }),
      });
      expect(taken).toMatchObject({ kind: 'rejected', problem: { status: 429 }, retryAfterSeconds: 2 });
      expect((await world.index.listed()).filter(({ userId }) => userId === undefined)).toEqual([]);
      expect(outcomesOf(await world.see(bytes))).toHaveLength(2);
      expect(world.index.userIds()).toHaveLength(2);
    },
  );

  it('is rejected with 429 while the log is throttled, then published on a retry and paid for once', async () => {
    const world = faceWorld('visitors');
    const bytes = world.picture('a', [faceOf(1)]);
    world.log.takeOnly(0);
    expect(statusOf(await world.see(bytes))).toBe(429);
    const spent = world.store.spent('sz01', '2026-11-22');
    world.log.takeOnly(10);
    expect(outcomesOf(await world.see(bytes))).toEqual(['enrolled']);
    expect(world.store.spent('sz01', '2026-11-22')).toBe(spent);
    expect(world.index.userIds()).toHaveLength(1);
  });

  it('is rejected with 429 while another function processes it', async () => {
    const world = faceWorld('visitors');
    const bytes = world.picture('a', [faceOf(1)]);
    const dead = cutPorts(world, { at: 4, isDone: true, isDead: true });
    await world.see(bytes, { ports: dead }).catch(() => {});
    expect(statusOf(await world.see(bytes))).toBe(429);
  });

  it('is never processed where faces are off', async () => {
    const world = faceWorld('off');
    const ports = cutPorts(world, { at: 0, isDone: false, isDead: false });
    await expect(world.see(world.picture('a', [faceOf(1)]), { ports })).rejects.toThrow(/off/);
    expect(ports.calls()).toBe(0);
  });
});

describe('the budget of a day', () => {
  it('is never exceeded, and frames beyond it are counted only and marked so', async () => {
    for (let callsMax = 0; callsMax <= 8; callsMax++) {
      const world = faceWorld('visitors');
      const ports = cutPorts(world, { at: 0, isDone: false, isDead: false });
      const bytes = world.picture('a', [faceOf(1), faceOf(2)]);
      const answer = answerOf(await world.see(bytes, { ports, callsMax }));
      const paid = ports.made.filter((name) =>
        ['index.index', 'index.searchUsers', 'index.searchFaces', 'index.associate'].includes(name),
      );
      expect(paid.length, `${callsMax}`).toBeLessThanOrEqual(callsMax);
      expect(answer.countedOnly !== undefined, `${callsMax}`).toBe(callsMax < 3);
      expect(answer.faces, `${callsMax}`).toHaveLength(callsMax < 1 ? 0 : 2);
      const stranger = callsMax < 7 ? 'not-retained' : 'enrolled';
      if (callsMax > 0) expect(answer.faces.map(({ outcome }) => outcome)).toEqual([stranger, stranger]);
      expect((await world.index.listed()).length, `${callsMax}`).toBe(callsMax < 7 ? 0 : 2);
      expect(world.sightings()).toHaveLength(callsMax < 1 ? 0 : 2);
    }
  });

  it('starts again with each business day of the store', async () => {
    const world = faceWorld('visitors');
    expect(
      answerOf(await world.see(world.picture('a', [faceOf(1)]), { callsMax: 4 })).countedOnly,
    ).toBeUndefined();
    expect(
      answerOf(await world.see(world.picture('b', [faceOf(2)]), { callsMax: 4 })).countedOnly,
    ).toBeDefined();
    world.advance(86_400_000);
    const taken = await world.see(world.picture('c', [faceOf(2)]), { callsMax: 4, atMs: world.nowMs() });
    expect(answerOf(taken).countedOnly).toBeUndefined();
  });
});

describe('a visitor', () => {
  it('is recognised on return, and gains a face with every good picture up to five', async () => {
    const world = faceWorld('visitors');
    expect(outcomesOf(await world.see(world.picture('0', [faceOf(1)])))).toEqual(['enrolled']);
    for (let picture = 1; picture <= 7; picture++) {
      const bytes = world.picture(`${picture}`, [faceOf(1, picture % 3)]);
      expect(outcomesOf(await world.see(bytes))).toEqual(['visitor']);
    }
    expect(world.index.userIds()).toHaveLength(1);
    expect(await world.index.listed()).toHaveLength(5);
    expect(new Set(world.sightings().map(({ visitor }) => visitor)).size).toBe(1);
  });

  it('is not enrolled again while their new user is not searchable yet', async () => {
    const world = faceWorld('visitors');
    world.index.ripen();
    const first = answerOf(await world.see(world.picture('0', [faceOf(1)])));
    const second = answerOf(await world.see(world.picture('1', [faceOf(1, 1)])));
    expect(second.faces[0]).toMatchObject({ outcome: 'visitor', visitor: first.faces[0]?.visitor });
    expect(world.index.userIds()).toHaveLength(1);
  });

  it('is enrolled once when shown twice in a frame', async () => {
    const world = faceWorld('visitors');
    const bytes = world.picture('mirror', [faceOf(1), faceOf(1, 1)]);
    expect(outcomesOf(await world.see(bytes))).toEqual(['enrolled', 'not-retained']);
  });

  it('is unknown to a store in members mode, which retains no face of theirs', async () => {
    const world = faceWorld('members');
    await world.know('v.a', 'visitor', faceOf(1));
    const before = await world.index.listed();
    const answer = answerOf(await world.see(world.picture('a', [faceOf(1, 1)])));
    expect(answer.faces[0]).toMatchObject({ outcome: 'not-retained', reasons: ['unknown person'] });
    expect(await world.index.listed()).toEqual(before);
    expect(world.sightings()).toEqual([{ visitor: undefined, zones: ['left'] }]);
  });

  it('is stored with the days on which they were seen', async () => {
    const world = faceWorld('visitors');
    await world.know('v.a', 'visitor', faceOf(1));
    await world.see(world.picture('a', [faceOf(1, 1)]));
    const [user] = await gather(world.store.allUsers());
    expect(user?.seenOn.map(({ day }) => day)).toEqual(['2026-11-21', '2026-11-22']);
    expect(user?.lastSeenAtMs).toBe(START_MS);
  });
});

describe('a person on the watch list', () => {
  it('is recognised where the law permits it, with the same response to the camera as an unknown person', async () => {
    const permissions = permissionsIn('members', { watchList: true });
    const world = faceWorld('members');
    await world.know('w.1', 'watch', faceOf(1));
    const seen = answerOf(await world.see(world.picture('a', [faceOf(1)]), { permissions }));
    expect(JSON.stringify(world.sightings())).toContain('user.w.1');
    const unseen = answerOf(await world.see(world.picture('b', [faceOf(1)])));
    expect(seen.faces).toEqual(unseen.faces);
  });
});

describe('the best picture of a track', () => {
  const crop = (bytes: Uint8Array) => ({ bytes, track: 'track.sensor-1.7', atMs: START_MS });
  const identify = (
    world: ReturnType<typeof faceWorld>,
    bytes: Uint8Array,
    mode: 'off' | 'members' | 'visitors',
  ) => identifyBestShot({ ...world, nowMs: world.nowMs }, SZ01, permissionsIn(mode), 100, crop(bytes));

  it('identifies its largest face only, and retains no other', async () => {
    const world = faceWorld('members');
    await world.know('m.M1', 'member', faceOf(1));
    expect(await identify(world, world.picture('a', [faceOf(1), faceOf(2)]), 'members')).toBe('user.m.M1');
    expect(await identify(world, world.picture('b', [faceOf(2)]), 'members')).toBeUndefined();
    expect((await world.index.listed()).every(({ userId }) => userId === 'm.M1')).toBe(true);
    expect(world.events()).toEqual([]);
  });

  it('enrols a visitor in visitors mode, once however often it is sent', async () => {
    const world = faceWorld('visitors');
    const bytes = world.picture('a', [faceOf(1)]);
    const first = await identify(world, bytes, 'visitors');
    expect(first).toMatch(/^user\.v\./);
    expect(await identify(world, bytes, 'visitors')).toBe(first);
    expect(world.index.userIds()).toHaveLength(1);
  });

  it('is not processed where faces are off or the bytes are not a usable picture', async () => {
    const world = faceWorld('visitors');
    expect(await identify(world, world.picture('a', [faceOf(1)]), 'off')).toBeUndefined();
    expect(await identify(world, Buffer.from('no'), 'visitors')).toBeUndefined();
    expect(await identify(world, jpegOf({ width: 20, height: 20 }), 'visitors')).toBeUndefined();
    expect(await identify(world, jpegOf({ width: 200, height: 200 }), 'visitors')).toBeUndefined();
    expect(world.store.spent('sz01', '2026-11-22')).toBe(1);
  });
});
