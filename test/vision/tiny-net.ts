/**
 * Writes a TensorFlow Lite file of one operator, so that the converter can be tested on what it must do and on
 * what it must refuse.
 *
 * FlatBuffers point forwards only, so each table is followed by what it points to.
 */
interface TinyNet {
  readonly code: number;
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** A constant second input of this shape, all numbers being `fill`. */
  readonly weights?: readonly number[];
  readonly fill?: number;
  readonly stride?: number;
}

export function tinyNet({ code, input, output, weights, fill = 1, stride = 1 }: TinyNet): Uint8Array {
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
  // The table's own place in its block comes after its vtable.
  const block = encode(root);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(8 + block.at, 0);
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
  for (const [at, value] of values.entries()) raw.writeInt32LE(value, 4 + 4 * at);
  return { raw };
}

function bytes(values: Uint8Array): Value {
  const raw = Buffer.alloc(4 + values.length);
  raw.writeUInt32LE(values.length, 0);
  raw.set(values, 4);
  return { raw };
}

/** The block and where in it the value begins. */
function encode(value: Value): { bytes: Buffer; at: number } {
  if ('raw' in value) return { bytes: value.raw, at: 0 };
  if ('list' in value) {
    const head = Buffer.alloc(4 + 4 * value.list.length);
    head.writeUInt32LE(value.list.length, 0);
    return {
      bytes: withChildren(
        head,
        value.list.map((item, at) => [4 + 4 * at, item] as const),
      ),
      at: 0,
    };
  }
  if (!('fields' in value)) throw new Error('a number stands inside its table');
  const fields = Object.entries(value.fields).map(([field, item]) => [Number(field), item] as const);
  const slots = Math.max(-1, ...fields.map(([field]) => field)) + 1;
  const at = 4 + 2 * slots;
  const head = Buffer.alloc(at + 4 + 4 * fields.length);
  head.writeUInt16LE(at, 0);
  head.writeUInt16LE(4 + 4 * fields.length, 2);
  head.writeInt32LE(at, at);
  const children: (readonly [number, Value])[] = [];
  for (const [index, [field, item]] of fields.entries()) {
    const offset = 4 + 4 * index;
    head.writeUInt16LE(offset, 4 + 2 * field);
    if ('int' in item) head.writeInt32LE(item.int, at + offset);
    else if ('byte' in item) head.writeInt8(item.byte, at + offset);
    else children.push([at + offset, item]);
  }
  return { bytes: withChildren(head, children), at };
}

/** Appends each child and writes, at its place in the head, how far away it begins. */
function withChildren(head: Buffer, children: readonly (readonly [number, Value])[]): Buffer {
  const parts = [head];
  let length = head.length;
  for (const [place, child] of children) {
    const block = encode(child);
    head.writeUInt32LE(length + block.at - place, place);
    parts.push(block.bytes);
    length += block.bytes.length;
  }
  return Buffer.concat(parts);
}
