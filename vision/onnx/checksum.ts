/**
 * A checksum inside an ONNX file, as its last metadata property. The file stays readable for every ONNX tool, and one
 * rename publishes the net and its checksum together.
 */
import { createHash } from 'node:crypto';
import { Message } from './protobuf.ts';

/** Bytes of the encoded property: fixed, because the hex digest has a fixed length. */
const TRAILER_LENGTH = trailer(new Uint8Array()).length;

/** Returns the model with the SHA-256 of its bytes appended. */
export function withChecksum(model: Uint8Array): Uint8Array {
  return Buffer.concat([model, trailer(model)]);
}

/** Returns whether the file ends with the checksum of the bytes before it. */
export function hasValidChecksum(file: Uint8Array): boolean {
  const end = file.length - TRAILER_LENGTH;
  return end >= 0 && Buffer.from(trailer(file.subarray(0, end))).equals(file.subarray(end));
}

/** Returns ModelProto { metadata_props: { key: "sha256", value: <hex> } }, which merges into the model before it. */
function trailer(model: Uint8Array): Uint8Array {
  const sha256 = createHash('sha256').update(model).digest('hex');
  return new Message().message(14, new Message().text(1, 'sha256').text(2, sha256)).encoded();
}
