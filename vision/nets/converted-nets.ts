/**
 * The nets as ONNX files in dist/nets/, converted once: by `npm run build`, or by the first engine of a fresh clone.
 *
 * A file's name has the hash of the source net and the converter's version, so a file of another source or converter
 * is never read. Its content ends with a checksum, so a truncated or damaged file is converted again. A new file is
 * written under a temporary name and renamed, so concurrent processes read either no file or a whole one.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONVERTER_VERSION, type ConversionOptions, convertTflite } from '../conversion/convert-tflite.ts';
import { hasValidChecksum, withChecksum } from '../onnx/checksum.ts';
import { readSourceNet, SOURCE_NETS } from './source-nets.ts';

export type NetName = keyof typeof SOURCE_NETS;

/** Git-ignored. */
export const CONVERTED_NETS_DIR = join(import.meta.dirname, '..', '..', 'dist', 'nets');

/** The detector searches pictures at several sizes; the other nets take crops of one size. */
const INPUT_SIZES: Readonly<Record<NetName, NonNullable<ConversionOptions['inputSize']>>> = {
  blazeFace: 'open',
  faceMesh: 'fixed',
  mobileFaceNet: 'fixed',
};
/** Hex digits of the hash in a file's name. */
const KEY_LENGTH = 16;
const TEMPORARY_SUFFIX = '.tmp';
/** A write takes milliseconds: a temporary file of this age was left by a crash. */
const TEMPORARY_AGE_MS_MAX = 60 * 60_000;

/**
 * Returns a net as an ONNX file, and converts and stores it first where the directory has no valid file of it.
 *
 * @throws Error where the net has to be converted and its package is not installed or has changed, or where the
 *   directory cannot be written.
 */
export function readConvertedNet(name: NetName, dir: string = CONVERTED_NETS_DIR): Uint8Array {
  const path = join(dir, fileNameOf(name));
  const stored = readIfExists(path);
  if (stored !== undefined && hasValidChecksum(stored)) return stored;
  const source = readSourceNet(SOURCE_NETS[name]);
  const converted = withChecksum(convertTflite(source, { inputSize: INPUT_SIZES[name] }));
  replaceFile(path, converted);
  return converted;
}

/** Converts the nets that the directory lacks, deletes files of other versions, and returns the current files' paths. */
export function buildConvertedNets(dir: string = CONVERTED_NETS_DIR): string[] {
  const names = Object.keys(SOURCE_NETS) as NetName[]; // the keys of a constant
  for (const name of names) readConvertedNet(name, dir);
  const current = names.map(fileNameOf);
  for (const file of readdirSync(dir)) if (!current.includes(file)) deleteStale(join(dir, file));
  return current.map((file) => join(dir, file));
}

function fileNameOf(name: NetName): string {
  const key = conversionKey(SOURCE_NETS[name].sha256, INPUT_SIZES[name], CONVERTER_VERSION);
  return `${name}-${key.slice(0, KEY_LENGTH)}.onnx`;
}

/** Returns the SHA-256, in hex, of all that determines a converted net: its source, its input and the converter. */
export function conversionKey(
  sourceSha256: string,
  inputSize: ConversionOptions['inputSize'],
  version: number,
): string {
  return createHash('sha256').update([sourceSha256, inputSize, version].join(' ')).digest('hex');
}

function readIfExists(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Writes a file so that concurrent readers have either the old content or the new one, and the last writer wins. */
function replaceFile(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}${TEMPORARY_SUFFIX}`;
  try {
    writeFileSync(temporary, bytes, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Deletes a file, unless it is a temporary one that another process may be writing. */
function deleteStale(path: string): void {
  try {
    const ageMs = Date.now() - statSync(path).mtimeMs;
    if (path.endsWith(TEMPORARY_SUFFIX) && ageMs < TEMPORARY_AGE_MS_MAX) return;
    rmSync(path);
  } catch (error) {
    // Another build has deleted or renamed it.
    if (!isNotFound(error)) throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

if (import.meta.main) {
  const files = buildConvertedNets();
  console.log(`Converted ${files.length} face nets into dist/nets`);
}
