/** ReceiveMessage: up to ten messages, with a wait of up to twenty seconds for the first. */
import { hash } from 'node:crypto';
import { operation } from '../../wire/json-service.ts';
import { integer, list, required, text } from '../../wire/shape.ts';
import { invalidValue } from '../errors.ts';
import { RECEIVE_MAX, VISIBILITY_SECONDS_MAX, WAIT_SECONDS_MAX } from '../limits.ts';
import { md5OfAttributes, pickAttributes } from '../message-attributes.ts';
import type { StoredMessage } from '../messages.ts';
import { writeReceiptHandle } from '../receipt-handles.ts';
import { receive } from '../receiving.ts';
import { numberOf } from '../settings.ts';
import { queueOf, queueUrl, type Sqs } from '../sqs.ts';

const nameList = list(required(text()));

export const receiveMessage = (sqs: Sqs) =>
  operation(
    {
      ...queueUrl,
      MaxNumberOfMessages: integer(),
      VisibilityTimeout: integer(),
      WaitTimeSeconds: integer(),
      // The older name of the same list.
      AttributeNames: nameList,
      MessageSystemAttributeNames: nameList,
      MessageAttributeNames: nameList,
    },
    async (input, { signal }) => {
      const { settings } = queueOf(sqs, input);
      const countMax = input.MaxNumberOfMessages ?? 1;
      const hideS = input.VisibilityTimeout ?? numberOf(settings, 'VisibilityTimeout');
      const waitS = input.WaitTimeSeconds ?? numberOf(settings, 'ReceiveMessageWaitTimeSeconds');
      checkRange('MaxNumberOfMessages', countMax, 1, RECEIVE_MAX);
      checkRange('VisibilityTimeout', hideS, 0, VISIBILITY_SECONDS_MAX);
      checkRange('WaitTimeSeconds', waitS, 0, WAIT_SECONDS_MAX);
      const request = { countMax, hideMs: hideS * 1000, waitMs: waitS * 1000 };
      const messages = await receive(sqs, () => queueOf(sqs, input), request, signal);
      if (messages.length === 0) return {};
      const systemNames = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
      return {
        Messages: messages.map((message) =>
          describe(sqs, message, systemNames, input.MessageAttributeNames ?? []),
        ),
      };
    },
  );

function checkRange(parameter: string, value: number, min: number, max: number): void {
  if (value < min || value > max) {
    throw invalidValue(value, parameter, `Must be between ${min} and ${max}, if provided.`);
  }
}

function describe(
  sqs: Sqs,
  message: StoredMessage,
  systemNames: readonly string[],
  attributeNames: readonly string[],
) {
  const attributes = pickAttributes(JSON.parse(message.attributes), attributeNames);
  return {
    MessageId: message.message_id,
    ReceiptHandle: writeReceiptHandle(message),
    Body: message.body,
    MD5OfBody: hash('md5', message.body, 'hex'),
    Attributes: unlessEmpty(systemAttributes(sqs, message, systemNames)),
    MessageAttributes: unlessEmpty(attributes),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
  };
}

function systemAttributes(
  { account }: Sqs,
  message: StoredMessage,
  names: readonly string[],
): Record<string, string> {
  const attributes: Record<string, string> = {
    SenderId: account.accountId,
    SentTimestamp: String(message.sent_at_ms),
    ApproximateReceiveCount: String(message.receives + message.receives_elsewhere),
    ApproximateFirstReceiveTimestamp: String(message.first_received_at_ms),
    ...(message.dead_letter_source === null ? {} : { DeadLetterQueueSourceArn: message.dead_letter_source }),
  };
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => names.includes('All') || names.includes(name)),
  );
}

function unlessEmpty<T extends object>(map: T): T | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}
