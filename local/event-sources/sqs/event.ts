/** Queue messages in the shape that an SQS event source mapping sends to a function. */
import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { arnParts } from '../arns.ts';

/** One message, ready to send, with the bytes it adds to the payload. */
export interface SqsItem {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly eventRecord: object;
  readonly eventBytes: number;
}

/** Returns the message as an item of an event. */
export function toSqsItem(message: Message, queueArn: string): SqsItem {
  const { MessageId: messageId = '', ReceiptHandle: receiptHandle = '' } = message;
  const eventRecord = {
    messageId,
    receiptHandle,
    body: message.Body ?? '',
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toEventAttribute(value)]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: arnParts(queueArn).region,
  };
  const eventBytes = Buffer.byteLength(JSON.stringify(eventRecord));
  return { messageId, receiptHandle, eventRecord, eventBytes };
}

/** Every event has the list values, although SQS never implemented them. */
function toEventAttribute({ StringValue, BinaryValue, DataType }: MessageAttributeValue): object {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** Returns the event that carries these items. */
export function toSqsEvent(items: readonly SqsItem[]): object {
  return { Records: items.map(({ eventRecord }) => eventRecord) };
}
