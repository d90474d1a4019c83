/**
 * A reader of FlatBuffers, as far as TensorFlow Lite's files need one.
 *
 * A FlatBuffer is read where it lies: a table points back to its vtable, and the vtable says at which offset
 * each field stands, or 0 where the field was left out and its default counts. Nothing is copied, so a reader
 * is only a place in the bytes. Offsets outside the file throw a RangeError from DataView, which is the right
 * end for a damaged file.
 */
export class Table {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  /** The table a file begins with. */
  static root(bytes: Uint8Array): Table {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new Table(bytes, view.getUint32(0, true));
  }

  byte(field: number, otherwise = 0): number {
    const at = this.#field(field);
    return at === undefined ? otherwise : this.#view.getInt8(at);
  }

  int(field: number, otherwise = 0): number {
    const at = this.#field(field);
    return at === undefined ? otherwise : this.#view.getInt32(at, true);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  table(field: number): Table | undefined {
    const at = this.#field(field);
    return at === undefined ? undefined : new Table(this.#bytes, at + this.#view.getUint32(at, true));
  }

  tables(field: number): Table[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, i) => {
      const at = start + 4 * i;
      return new Table(this.#bytes, at + this.#view.getUint32(at, true));
    });
  }

  ints(field: number): number[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, i) => this.#view.getInt32(start + 4 * i, true));
  }

  bytes(field: number): Uint8Array {
    const { start, length } = this.#vector(field);
    return this.#bytes.subarray(start, start + length);
  }

  #field(field: number): number | undefined {
    const vtable = this.#at - this.#view.getInt32(this.#at, true);
    const slot = 4 + 2 * field;
    if (slot >= this.#view.getUint16(vtable, true)) return undefined;
    const offset = this.#view.getUint16(vtable + slot, true);
    return offset === 0 ? undefined : this.#at + offset;
  }

  #vector(field: number): { start: number; length: number } {
    const at = this.#field(field);
    if (at === undefined) return { start: 0, length: 0 };
    const start = at + this.#view.getUint32(at, true);
    return { start: start + 4, length: this.#view.getUint32(start, true) };
  }
}
