/**
 * A writer of Protocol Buffers, as far as an ONNX model needs one: numbers, text, bytes and nested messages.
 *
 * A message is written into parts and joined once at the end, so that megabytes of weights are copied only when
 * the whole model is: each nesting would otherwise copy them again.
 */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

export class Message {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A whole number; negative ones take ten bytes, as the format says. */
  int(field: number, value: number): this {
    return this.#tag(field, VARINT).#append(varint(value));
  }

  float(field: number, value: number): this {
    return this.#tag(field, FIXED_32).#append(new Uint8Array(new Float32Array([value]).buffer));
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, LENGTH_DELIMITED).#append(varint(value.length)).#append(value);
  }

  message(field: number, value: Message): this {
    this.#tag(field, LENGTH_DELIMITED).#append(varint(value.#length));
    for (const part of value.#parts) this.#append(part);
    return this;
  }

  encoded(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
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
