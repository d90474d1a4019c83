/** The common part of SendMessage and SendMessageBatch: the checks of a message, and its result. */
import { hash, randomUUID } from 'node:crypto';
import { integer, type Structure, text } from '../wire/shape.ts';
import { invalidContents, invalidParameter, invalidValue, missing } from './errors.ts';
import { DELAY_SECONDS_MAX } from './limits.ts';
import {
  bytesOfAttributes,
  checkAttributes,
  md5OfAttributes,
  messageAttributes,
} from './message-attributes.ts';
import type { NewMessage } from './messages.ts';
import type { Queue } from './queues.ts';
import { numberOf } from './settings.ts';

export const sendShape = {
  MessageBody: text(),
  DelaySeconds: integer(),
  MessageAttributes: messageAttributes,
};
type SendRequest = Structure<typeof sendShape>;

/** The characters that XML 1.0 forbids: SQS's first protocol was XML, and its limits remain. */
const FORBIDDEN_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/**
 * Returns the message of a request, with a new id and the time from which it is visible.
 *
 * @throws MissingParameter, InvalidMessageContents or InvalidParameterValue, as AWS does.
 */
export function toMessage(queue: Queue, request: SendRequest, nowMs: number): NewMessage {
  const { MessageBody: body, DelaySeconds: delay = numberOf(queue.settings, 'DelaySeconds') } = request;
  if (!body) throw missing('MessageBody');
  if (FORBIDDEN_CHARACTER.test(body)) throw invalidContents();
  if (delay < 0 || delay > DELAY_SECONDS_MAX) {
    throw invalidValue(delay, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${DELAY_SECONDS_MAX}.`);
  }
  const message = {
    messageId: randomUUID(),
    body,
    attributes: checkAttributes(request.MessageAttributes),
    visibleAtMs: nowMs + delay * 1000,
  };
  const bytesMax = numberOf(queue.settings, 'MaximumMessageSize');
  if (bytesOf(message) > bytesMax) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${bytesMax} bytes.`,
    );
  }
  return message;
}

function bytesOf({ body, attributes }: NewMessage): number {
  return Buffer.byteLength(body) + bytesOfAttributes(attributes);
}

/** Returns the result of a sent message: its id and the digests that the SDKs verify. */
export function describeSent({ messageId, body, attributes }: NewMessage) {
  return {
    MessageId: messageId,
    MD5OfMessageBody: hash('md5', body, 'hex'),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
  };
}
