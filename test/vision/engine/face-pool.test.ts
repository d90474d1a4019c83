import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FacePool } from '#vision/engine/face-pool.ts';
import { createFacePool, FacePoolFullError } from '#vision/engine/face-pool.ts';
import { InvalidPictureError } from '#vision/picture/decode.ts';
import { PEOPLE, portrait } from '../support/test-pictures.ts';

let pool: FacePool;
beforeAll(async () => {
  pool = await createFacePool({ workers: 1, waitingMax: 2 });
});
afterAll(() => pool.close());

const picture = portrait(PEOPLE[0]);

describe('the face pool', () => {
  it('returns faces with their vectors, and the size of the picture', async () => {
    const { width, height, faces } = await pool.analyse(picture);
    expect([width, height]).toEqual([128, 128]);
    expect(faces).toHaveLength(1);
    expect(faces[0]?.vector).toHaveLength(pool.vectorLength);
    expect(faces[0]?.landmarks).toHaveLength(5);
  });

  it('returns empty vectors where embedding is off', async () => {
    const { faces } = await pool.analyse(picture, { embed: false });
    expect(faces[0]?.vector).toHaveLength(0);
  });

  it('rejects an invalid picture with the error of the decoder and analyses the next one', async () => {
    const rejection = pool.analyse(Buffer.from('hello'));
    await expect(rejection).rejects.toBeInstanceOf(InvalidPictureError);
    await expect(rejection).rejects.toMatchObject({ reason: 'not-a-picture' });
    expect((await pool.analyse(picture)).faces).toHaveLength(1);
  });

  it('rejects a picture at once while its queue is full, and completes the accepted ones', async () => {
    const accepted = [1, 2, 3].map(() => pool.analyse(picture));
    await expect(pool.analyse(picture)).rejects.toBeInstanceOf(FacePoolFullError);
    for (const { faces } of await Promise.all(accepted)) expect(faces).toHaveLength(1);
    expect((await pool.analyse(picture)).faces).toHaveLength(1);
  });

  it('does not block the event loop while it works', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await pool.analyse(picture);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  it('completes the picture in progress when it is closed, and rejects queued and later ones', async () => {
    const closing = await createFacePool({ workers: 1 });
    const inProgress = closing.analyse(picture);
    const queued = closing.analyse(picture);
    const rejected = expect(queued).rejects.toThrow('closed');
    await closing.close();
    await rejected;
    expect((await inProgress).faces).toHaveLength(1);
    await expect(closing.analyse(picture)).rejects.toThrow('closed');
  });
});
