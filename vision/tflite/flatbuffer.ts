/**
 * Reads FlatBuffers, as far as TensorFlow Lite files use them.
 *
 * A FlatBuffer is read in place: a table points back to its vtable, which has the offset of each field, or 0
 * where the field was left out and its default applies. Nothing is copied, so a reader is only a position in
 * the bytes. Offsets outside the file throw a RangeError from DataView, which is how a damaged file is
 * rejected.
 *
 * @see https://flatbuffers.dev/internals/
 */
export class Table {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #start: number;

  /** @param start offset of the table in the bytes. */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#start = start;
  }

  /** Returns the root table of a file. */
  static root(bytes: Uint8Array): Table {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new Table(bytes, view.getUint32(0, true));
  }

  /** Returns a signed 8-bit field, or the default where it is left out. */
  byte(field: number, defaultValue = 0): number {
    const offset = this.#field(field);
    return offset === undefined ? defaultValue : this.#view.getInt8(offset);
  }

  /** Returns a signed 32-bit field, or the default where it is left out. */
  int(field: number, defaultValue = 0): number {
    const offset = this.#field(field);
    return offset === undefined ? defaultValue : this.#view.getInt32(offset, true);
  }

  /** Returns a UTF-8 string; empty where the field is left out. */
  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  /** Returns a nested table, or `undefined` where the field is left out. */
  table(field: number): Table | undefined {
    const offset = this.#field(field);
    return offset === undefined
      ? undefined
      : new Table(this.#bytes, offset + this.#view.getUint32(offset, true));
  }

  /** Returns a vector of tables; empty where the field is left out. */
  tables(field: number): Table[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, index) => {
      const offset = start + 4 * index;
      return new Table(this.#bytes, offset + this.#view.getUint32(offset, true));
    });
  }

  /** Returns a vector of signed 32-bit integers; empty where the field is left out. */
  ints(field: number): number[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, index) => this.#view.getInt32(start + 4 * index, true));
  }

  /** Returns a vector of bytes as a view of the file; empty where the field is left out. */
  bytes(field: number): Uint8Array {
    const { start, length } = this.#vector(field);
    return this.#bytes.subarray(start, start + length);
  }

  /** Returns the field's offset in the file, or `undefined` where it is left out. */
  #field(field: number): number | undefined {
    const vtable = this.#start - this.#view.getInt32(this.#start, true);
    const slot = 4 + 2 * field;
    if (slot >= this.#view.getUint16(vtable, true)) return undefined;
    const offset = this.#view.getUint16(vtable + slot, true);
    return offset === 0 ? undefined : this.#start + offset;
  }

  #vector(field: number): { start: number; length: number } {
    const offset = this.#field(field);
    if (offset === undefined) return { start: 0, length: 0 };
    const start = offset + this.#view.getUint32(offset, true);
    return { start: start + 4, length: this.#view.getUint32(start, true) };
  }
}
