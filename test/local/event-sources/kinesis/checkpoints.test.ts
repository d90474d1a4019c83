import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoints } from '#local/event-sources/kinesis/checkpoints.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aisle-checkpoints-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each([
  ['in memory', () => openCheckpoints()],
  ['in a folder', () => openCheckpoints(join(folder, 'each'))],
])('checkpoints %s', (_where, open) => {
  it('return the last one written, per mapping and shard', () => {
    const checkpoints = open();
    checkpoints.write('m', 's1', { kind: 'after', sequenceNumber: '1' });
    checkpoints.write('m', 's1', { kind: 'after', sequenceNumber: '2' });
    checkpoints.write('m', 's2', { kind: 'finished' });
    expect(checkpoints.read('m', 's1')).toEqual({ kind: 'after', sequenceNumber: '2' });
    expect(checkpoints.read('m', 's2')).toEqual({ kind: 'finished' });
    expect(checkpoints.read('m', 's3')).toBeUndefined();
    expect(checkpoints.read('other', 's1')).toBeUndefined();
    checkpoints.close();
  });
});

describe('checkpoints in a folder', () => {
  it('survive a restart', () => {
    const path = join(folder, 'kept');
    const before = openCheckpoints(path);
    before.write('m', 's1', {
      kind: 'after',
      sequenceNumber: '49600000000000000000000000000000000000000000000000000002',
    });
    before.close();
    const after = openCheckpoints(path);
    expect(after.read('m', 's1')).toEqual({
      kind: 'after',
      sequenceNumber: '49600000000000000000000000000000000000000000000000000002',
    });
    after.close();
  });
});
