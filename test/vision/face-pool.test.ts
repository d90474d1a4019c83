import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FacePool } from '#vision/face-pool.ts';
import { createFacePool, FacePoolFull } from '#vision/face-pool.ts';
import { PictureRefused } from '#vision/picture.ts';
import { portrait, SOME_PEOPLE } from './pictures.ts';

let pool: FacePool;
beforeAll(async () => {
  pool = await createFacePool({ workers: 1, waitingMax: 2 });
});
afterAll(() => pool.close());

const picture = portrait(SOME_PEOPLE[0] ?? '');

describe('the face pool', () => {
  it('gives faces with their vectors, and the size of the picture', async () => {
    const { width, height, faces } = await pool.analyse(picture);
    expect([width, height]).toEqual([128, 128]);
    expect(faces).toHaveLength(1);
    expect(faces[0]?.vector).toHaveLength(pool.vectorLength);
    expect(faces[0]?.landmarks).toHaveLength(5);
  });

  it('spares the vectors where none are wanted', async () => {
    const { faces } = await pool.analyse(picture, { embed: false });
    expect(faces[0]?.vector).toHaveLength(0);
  });

  it('refuses what is no picture, by the same error as without a pool, and goes on', async () => {
    const refusal = pool.analyse(Buffer.from('hello'));
    await expect(refusal).rejects.toBeInstanceOf(PictureRefused);
    await expect(refusal).rejects.toMatchObject({ why: 'not a picture' });
    expect((await pool.analyse(picture)).faces).toHaveLength(1);
  });

  it('refuses at once what would wait behind too many, and finishes those it took', async () => {
    const taken = [1, 2, 3].map(() => pool.analyse(picture));
    await expect(pool.analyse(picture)).rejects.toBeInstanceOf(FacePoolFull);
    for (const { faces } of await Promise.all(taken)) expect(faces).toHaveLength(1);
    expect((await pool.analyse(picture)).faces).toHaveLength(1);
  });

  it('leaves the event loop free while it works', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await pool.analyse(picture);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  it('finishes what is under way when it is closed, and takes nothing more', async () => {
    const closing = await createFacePool({ workers: 1 });
    const underWay = closing.analyse(picture);
    const waiting = closing.analyse(picture);
    const refused = expect(waiting).rejects.toThrow('closed');
    await closing.close();
    await refused;
    expect((await underWay).faces).toHaveLength(1);
    await expect(closing.analyse(picture)).rejects.toThrow('closed');
  });
});
