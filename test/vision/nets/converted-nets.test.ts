import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONVERTER_VERSION } from '#vision/conversion/convert-tflite.ts';
import { buildConvertedNets, conversionKey, readConvertedNet } from '#vision/nets/converted-nets.ts';
import { SOURCE_NETS } from '#vision/nets/source-nets.ts';
import { hasValidChecksum, withChecksum } from '#vision/onnx/checksum.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const HOUR_MS = 60 * 60_000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aisle-nets-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Stores the smallest net and returns its only file. */
function stored(): { path: string; content: Buffer } {
  const content = readConvertedNet('faceMesh', dir);
  const [name = ''] = readdirSync(dir);
  return { path: join(dir, name), content: Buffer.from(content) };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('readConvertedNet', () => {
  it('stores the net on first use, under a directory that does not exist yet', () => {
    const nested = join(dir, 'dist', 'nets');
    const content = readConvertedNet('faceMesh', nested);
    expect(readdirSync(nested).map((name) => sha256(readFileSync(join(nested, name))))).toEqual([
      sha256(content),
    ]);
  });

  it('returns a valid stored file as it is, without converting again', () => {
    const { path } = stored();
    const planted = withChecksum(Buffer.from('planted'));
    writeFileSync(path, planted);
    expect(Buffer.from(readConvertedNet('faceMesh', dir))).toEqual(Buffer.from(planted));
  });

  it.each([
    ['empty', () => Buffer.alloc(0)],
    ['truncated', (content: Buffer) => content.subarray(0, content.length - 1)],
    ['cut in half', (content: Buffer) => content.subarray(0, content.length / 2)],
    [
      'different in one bit',
      (content: Buffer) => {
        const changed = Buffer.from(content);
        changed[1000] = (changed[1000] ?? 0) ^ 1;
        return changed;
      },
    ],
  ])('converts again and replaces a file that is %s', (_, damage) => {
    const { path, content } = stored();
    writeFileSync(path, damage(content));
    expect(sha256(readConvertedNet('faceMesh', dir))).toBe(sha256(content));
    expect(sha256(readFileSync(path))).toBe(sha256(content));
    expect(readdirSync(dir)).toHaveLength(1);
  });

  it('fails, and leaves no temporary file, where the net cannot be stored', () => {
    const { path } = stored();
    rmSync(path);
    const file = join(dir, 'a-file');
    writeFileSync(file, '');
    expect(() => readConvertedNet('faceMesh', file)).toThrow(/EEXIST|ENOTDIR/);
    expect(readdirSync(dir)).toEqual(['a-file']);
  });

  it('gives concurrent processes whole files only, and leaves one file', async () => {
    const script = `
      import { createHash } from 'node:crypto';
      const { readConvertedNet } = await import('#vision/nets/converted-nets.ts');
      const net = readConvertedNet('faceMesh', process.argv[1]);
      console.log(createHash('sha256').update(net).digest('hex'));`;
    const start = () =>
      spawn(process.execPath, ['--input-type=module', '--eval', script, dir], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const processes = [start(), start(), start()];
    const reports = Promise.all(processes.map(outputOf));
    const running = Promise.all(processes.map((child) => once(child, 'exit')));
    let isRunning = true;
    const finished = running.finally(() => {
      isRunning = false;
    });
    while (isRunning) {
      for (const name of readdirSync(dir).filter((file) => file.endsWith('.onnx')))
        expect(hasValidChecksum(readFileSync(join(dir, name)))).toBe(true);
      await delay(1);
    }
    expect((await finished).map(([code]) => code)).toEqual([0, 0, 0]);
    const expected = sha256(readConvertedNet('faceMesh', dir));
    expect(await reports).toEqual([expected, expected, expected]);
    expect(readdirSync(dir)).toHaveLength(1);
  });
});

async function outputOf({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout ?? []) text += String(chunk);
  return text.trim();
}

describe('conversionKey', () => {
  it('differs for another source, another input or another version of the converter', () => {
    const { faceMesh, blazeFace } = SOURCE_NETS;
    const keys = [
      conversionKey(faceMesh.sha256, 'fixed', 1),
      conversionKey(blazeFace.sha256, 'fixed', 1),
      conversionKey(faceMesh.sha256, 'open', 1),
      conversionKey(faceMesh.sha256, 'fixed', 2),
    ];
    expect(new Set(keys).size).toBe(4);
    expect(conversionKey(faceMesh.sha256, 'fixed', 1)).toBe(keys[0]);
  });
});

describe('buildConvertedNets', () => {
  it('stores one file per net and leaves valid ones untouched when it runs again', () => {
    const paths = buildConvertedNets(dir);
    expect(paths).toHaveLength(Object.keys(SOURCE_NETS).length);
    const before = paths.map((path) => statSync(path, { bigint: true }));
    expect(buildConvertedNets(dir)).toEqual(paths);
    const after = paths.map((path) => statSync(path, { bigint: true }));
    expect(after.map(({ ino, mtimeNs }) => [ino, mtimeNs])).toEqual(
      before.map(({ ino, mtimeNs }) => [ino, mtimeNs]),
    );
  });

  it('deletes files of other versions and abandoned temporary files, and keeps those being written', () => {
    const files = ['faceMesh-0123456789abcdef.onnx', 'a.onnx.abandoned.tmp', 'a.onnx.written-now.tmp'];
    for (const name of files) writeFileSync(join(dir, name), '');
    const longAgo = new Date(Date.now() - 2 * HOUR_MS);
    utimesSync(join(dir, 'a.onnx.abandoned.tmp'), longAgo, longAgo);
    buildConvertedNets(dir);
    expect(files.filter((name) => existsSync(join(dir, name)))).toEqual(['a.onnx.written-now.tmp']);
  });

  it('writes the bytes that belong to the version of the converter', () => {
    const hashes = buildConvertedNets(dir).map((path) => sha256(readFileSync(path)).slice(0, 16));
    // A change here needs another CONVERTER_VERSION, or stored nets of the former converter would be used on.
    expect({ version: CONVERTER_VERSION, hashes }).toEqual({
      version: 1,
      hashes: ['1b8deee661a7d0ed', '63fc3a928e29fc95', 'd0eb7b66769484c8'],
    });
  });
});
