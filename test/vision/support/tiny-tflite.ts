/**
 * Writes TensorFlow Lite files of one operator, to test what the converter computes and what it rejects.
 *
 * FlatBuffers point forwards only, so each table is followed by the values it points to.
 */
interface TinyNet {
  /** The operator's code in `schema.fbs`. */
  readonly code: number;
  /** NHWC. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** Shape of a constant second input; every value is `fill`. */
  readonly weights?: readonly number[];
  readonly fill?: number;
  readonly stride?: number;
}

/** Returns the file of a net with one operator, one input and one output. */
export function tinyTflite({ code, input, output, weights, fill = 1, stride = 1 }: TinyNet): Uint8Array {
  const count = (weights ?? []).reduce((product, size) => product * size, 1);
  const data = new Uint8Array(new Float32Array(count).fill(fill).buffer);
  const tensor = (shape: readonly number[], buffer: number): Value =>
    table({ 0: ints(shape), 1: { byte: 0 }, 2: { int: buffer }, 3: bytes(Buffer.from('t')) });
  const graph = table({
    0: tables([tensor(input, 0), tensor(output, 0), ...(weights ? [tensor(weights, 1)] : [])]),
    1: ints([0]),
    2: ints([1]),
    3: tables([
      table({
        0: { int: 0 },
        1: ints(weights ? [0, 2] : [0]),
        2: ints([1]),
        4: table({ 0: { byte: 0 }, 1: { int: stride }, 2: { int: stride } }),
      }),
    ]),
  });
  const root = table({
    0: { int: 3 },
    1: tables([table({ 0: { byte: code }, 3: { int: code } })]),
    2: tables([graph]),
    4: tables([table({}), table({ 0: bytes(data) })]),
  });
  // The table's own offset in its block is behind its vtable.
  const block = encode(root);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(8 + block.offset, 0);
  head.write('TFL3', 4);
  return Buffer.concat([head, block.bytes]);
}

type Value =
  | { readonly byte: number }
  | { readonly int: number }
  | { readonly fields: Readonly<Record<number, Value>> }
  | { readonly raw: Buffer }
  | { readonly list: readonly Value[] };

const table = (fields: Record<number, Value>): Value => ({ fields });
const tables = (list: readonly Value[]): Value => ({ list });

function ints(values: readonly number[]): Value {
  const raw = Buffer.alloc(4 + 4 * values.length);
  raw.writeUInt32LE(values.length, 0);
  for (const [index, value] of values.entries()) raw.writeInt32LE(value, 4 + 4 * index);
  return { raw };
}

function bytes(values: Uint8Array): Value {
  const raw = Buffer.alloc(4 + values.length);
  raw.writeUInt32LE(values.length, 0);
  raw.set(values, 4);
  return { raw };
}

/** Returns the block and the value's offset in it. */
function encode(value: Value): { bytes: Buffer; offset: number } {
  if ('raw' in value) return { bytes: value.raw, offset: 0 };
  if ('list' in value) {
    const head = Buffer.alloc(4 + 4 * value.list.length);
    head.writeUInt32LE(value.list.length, 0);
    const children = value.list.map((item, index) => [4 + 4 * index, item] as const);
    return { bytes: withChildren(head, children), offset: 0 };
  }
  if (!('fields' in value)) throw new Error('numbers are encoded by their table');
  const fields = Object.entries(value.fields).map(([field, item]) => [Number(field), item] as const);
  const slots = Math.max(-1, ...fields.map(([field]) => field)) + 1;
  const tableStart = 4 + 2 * slots;
  const head = Buffer.alloc(tableStart + 4 + 4 * fields.length);
  head.writeUInt16LE(tableStart, 0);
  head.writeUInt16LE(4 + 4 * fields.length, 2);
  head.writeInt32LE(tableStart, tableStart);
  const children: (readonly [number, Value])[] = [];
  for (const [index, [field, item]] of fields.entries()) {
    const offset = 4 + 4 * index;
    head.writeUInt16LE(offset, 4 + 2 * field);
    if ('int' in item) head.writeInt32LE(item.int, tableStart + offset);
    else if ('byte' in item) head.writeInt8(item.byte, tableStart + offset);
    else children.push([tableStart + offset, item]);
  }
  return { bytes: withChildren(head, children), offset: tableStart };
}

/** Appends each child and writes its distance at the given offset of the head. */
function withChildren(head: Buffer, children: readonly (readonly [number, Value])[]): Buffer {
  const parts = [head];
  let length = head.length;
  for (const [offset, child] of children) {
    const block = encode(child);
    head.writeUInt32LE(length + block.offset - offset, offset);
    parts.push(block.bytes);
    length += block.bytes.length;
  }
  return Buffer.concat(parts);
}
