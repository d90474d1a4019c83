/**
 * Writes Protocol Buffers, as far as an ONNX model uses them: integers, floats, text, bytes and nested
 * messages.
 *
 * A message is a list of parts that are joined once, at the end: otherwise each level of nesting would copy
 * megabytes of weights again.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

export class Message {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** Appends an integer; a negative one takes ten bytes, as the format requires. */
  int(field: number, value: number): this {
    return this.#tag(field, VARINT).#append(varint(value));
  }

  /** Appends a 32-bit float. */
  float(field: number, value: number): this {
    return this.#tag(field, FIXED_32).#append(new Uint8Array(new Float32Array([value]).buffer));
  }

  /** Appends a UTF-8 string. */
  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Appends bytes. They are not copied, so they must not change before `encoded`. */
  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, LENGTH_DELIMITED).#append(varint(value.length)).#append(value);
  }

  /** Appends a nested message, as it is now. */
  message(field: number, value: Message): this {
    this.#tag(field, LENGTH_DELIMITED).#append(varint(value.#length));
    for (const part of value.#parts) this.#append(part);
    return this;
  }

  /** Returns the message's bytes. */
  encoded(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return bytes;
  }

  #tag(field: number, wireType: number): this {
    return this.#append(varint(field * 8 + wireType));
  }

  #append(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
