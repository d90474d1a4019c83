/** Message attributes: named values that a sender adds to a body, and the MD5 that clients verify. */
import { createHash } from 'node:crypto';
import { mapOf, required, structure, text } from '../wire/shape.ts';
import { invalidParameter } from './errors.ts';
import { MESSAGE_ATTRIBUTES_MAX } from './limits.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  /** Base64, in the request and in the response. */
  readonly BinaryValue?: string | undefined;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export const messageAttributes = mapOf(
  required(structure({ DataType: required(text({ min: 1 })), StringValue: text(), BinaryValue: text() })),
);

/** Returns the attributes of a request. @throws InvalidParameterValue for more than ten, or one without a value */
export function checkAttributes(given: ReadonlyMap<string, MessageAttribute> | undefined): MessageAttributes {
  const attributes = Object.fromEntries(given ?? []);
  const names = Object.keys(attributes);
  if (names.length > MESSAGE_ATTRIBUTES_MAX) {
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${MESSAGE_ATTRIBUTES_MAX}].`,
    );
  }
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    const type = /^(String|Number|Binary)(\.|$)/.exec(DataType)?.[1];
    if (type === undefined)
      throw invalidParameter(
        `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
      );
    if (!(type === 'Binary' ? BinaryValue : StringValue)) {
      throw invalidParameter(
        `The message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`,
      );
    }
  }
  return attributes;
}

/** Returns the attributes' share of the message's size: the bytes of names, types and values. */
export function bytesOfAttributes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, attribute]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + bytesOfValue(attribute).length,
    0,
  );
}

/** Returns the attributes that a receiver selects: by name, by prefix (`order.*`), or `All`. */
export function pickAttributes(
  attributes: MessageAttributes,
  selectors: readonly string[],
): MessageAttributes {
  const isSelected = (name: string) =>
    selectors.some(
      (one) => one === 'All' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isSelected(name)));
}

/**
 * Returns the digest that SDKs verify, or undefined without attributes: names in order, each with its type and
 * value, all preceded by their lengths.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const md5 = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    md5.update(length).update(bytes);
  };
  for (const name of names) {
    // The names are the attributes' own keys.
    const attribute = attributes[name] as MessageAttribute;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    md5.update(Buffer.of(attribute.BinaryValue === undefined ? 1 : 2));
    add(bytesOfValue(attribute));
  }
  return md5.digest('hex');
}

function bytesOfValue({ StringValue = '', BinaryValue }: MessageAttribute): Buffer {
  return BinaryValue === undefined ? Buffer.from(StringValue) : Buffer.from(BinaryValue, 'base64');
}
