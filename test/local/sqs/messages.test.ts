/** Messages: sent, received, deleted, moved to the dead-letter queue. */
import { createHash } from 'node:crypto';
import {
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import {
  arnOf,
  bodiesOf,
  countsOf,
  createQueue,
  createQueueWithDeadLetters,
  receive,
  send,
  startWithClient,
} from './sqs-client.ts';

const MESSAGE_BYTES_MAX = 1024 * 1024;

function entries(...bodies: string[]) {
  return bodies.map((MessageBody, n) => ({ Id: `${n}`, MessageBody }));
}

describe('a message', () => {
  it('arrives with its body, its digests, its attributes and its times', async () => {
    const clock = manualClock();
    const sentAtMs = clock.nowMs();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client);
    const MessageBody = '{"store":"深圳 1"}';
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'cells' },
      count: { DataType: 'Number', StringValue: '3' },
      raw: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) },
    };
    const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    clock.advance(1000);
    const [message] = await receive(client, QueueUrl, {
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: MessageBody,
      MD5OfBody: createHash('md5').update(MessageBody).digest('hex'),
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes,
      Attributes: {
        SenderId: '000000000000',
        SentTimestamp: String(sentAtMs),
        ApproximateFirstReceiveTimestamp: String(sentAtMs + 1000),
        ApproximateReceiveCount: '1',
      },
    });
  });

  it('has the attribute digest that AWS computes', async () => {
    const { client } = await startWithClient();
    const QueueUrl = await createQueue(client);
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
    const { MD5OfMessageAttributes } = await client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }),
    );
    // Length and bytes of the name and of the type, one for a string, length and bytes of the value.
    const expected = Buffer.from('\0\0\0\x01a\0\0\0\x06String\x01\0\0\0\x01b', 'latin1');
    expect(MD5OfMessageAttributes).toBe(createHash('md5').update(expected).digest('hex'));
  });

  it('is received with the requested attributes only', async () => {
    const { client } = await startWithClient();
    const QueueUrl = await createQueue(client, { VisibilityTimeout: '0' });
    const value = { DataType: 'String', StringValue: 'x' };
    const MessageAttributes = { 'order.id': value, 'order.store': value, kind: value };
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }));
    const namesFor = async (...MessageAttributeNames: string[]) => {
      const [message] = await receive(client, QueueUrl, { MessageAttributeNames });
      return Object.keys(message?.MessageAttributes ?? {}).sort();
    };
    expect(await namesFor()).toEqual([]);
    expect(await namesFor('kind')).toEqual(['kind']);
    expect(await namesFor('order.*')).toEqual(['order.id', 'order.store']);
    expect(await namesFor('.*')).toEqual(['kind', 'order.id', 'order.store']);
  });

  it('is limited to 1 MiB, attributes included', async () => {
    const { client } = await startWithClient();
    const QueueUrl = await createQueue(client);
    await send(client, QueueUrl, 'x'.repeat(MESSAGE_BYTES_MAX));
    await expect(send(client, QueueUrl, 'x'.repeat(MESSAGE_BYTES_MAX + 1))).rejects.toMatchObject({
      Code: 'InvalidParameterValue',
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    });
    const MessageAttributes = { k: { DataType: 'String', StringValue: 'v' } };
    const over = { QueueUrl, MessageBody: 'x'.repeat(MESSAGE_BYTES_MAX - 7), MessageAttributes };
    await expect(client.send(new SendMessageCommand(over))).rejects.toMatchObject({
      Code: 'InvalidParameterValue',
    });
  });

  it('is rejected when it is empty, has characters that XML forbids, or is delayed too long', async () => {
    const { client } = await startWithClient();
    const QueueUrl = await createQueue(client);
    await expect(send(client, QueueUrl, '')).rejects.toMatchObject({ Code: 'MissingParameter' });
    await expect(send(client, QueueUrl, 'bell \u0007')).rejects.toMatchObject({
      name: 'InvalidMessageContents',
    });
    const late = new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 901 });
    await expect(client.send(late)).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
  });

  it('is hidden while it is delayed', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client, { DelaySeconds: '10' });
    await send(client, QueueUrl, 'late');
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'at once', DelaySeconds: 0 }));
    expect(await countsOf(client, QueueUrl)).toEqual([1, 0, 1]);
    expect(bodiesOf(await receive(client, QueueUrl))).toEqual(['at once']);
    clock.advance(10_000);
    expect(bodiesOf(await receive(client, QueueUrl))).toEqual(['late']);
  });
});

describe('a batch of messages', () => {
  it('sends its valid entries and reports the others', async () => {
    const { client } = await startWithClient();
    const QueueUrl = await createQueue(client);
    const Entries = [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'bad', MessageBody: '\u0007' },
    ];
    const result = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(result.Successful?.map((entry) => entry.Id)).toEqual(['good']);
    expect(result.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true }]);
    expect(bodiesOf(await receive(client, QueueUrl))).toEqual(['x']);
  });

  it('is rejected as a whole when it is empty, too long or too large, or has malformed or repeated ids', async () => {
    const { client } = await startWithClient();
    const QueueUrl = await createQueue(client);
    const rejected = async (Entries: { Id: string; MessageBody: string }[], name: string) => {
      await expect(client.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({
        name,
      });
    };
    await rejected([], 'EmptyBatchRequest');
    await rejected(entries(...Array.from({ length: 11 }, () => 'x')), 'TooManyEntriesInBatchRequest');
    await rejected(
      [
        { Id: 'a', MessageBody: '1' },
        { Id: 'a', MessageBody: '2' },
      ],
      'BatchEntryIdsNotDistinct',
    );
    await rejected([{ Id: 'not an id', MessageBody: '1' }], 'InvalidBatchEntryId');
    await rejected(entries('x'.repeat(MESSAGE_BYTES_MAX), 'x'), 'BatchRequestTooLong');
    expect(await countsOf(client, QueueUrl)).toEqual([0, 0, 0]);
  });
});

describe('a received message', () => {
  it('is hidden until its timeout, then delivered again under a new handle and a higher count', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client);
    await send(client, QueueUrl, 'x');
    const [first] = await receive(client, QueueUrl);
    clock.advance(29_999);
    expect(await receive(client, QueueUrl)).toEqual([]);
    clock.advance(1);
    const [second] = await receive(client, QueueUrl, {
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  it('is deleted by its latest handle and not by a stale one', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client);
    await send(client, QueueUrl, 'x');
    const [first] = await receive(client, QueueUrl);
    clock.advance(30_000);
    const [second] = await receive(client, QueueUrl);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    expect(await countsOf(client, QueueUrl)).toEqual([0, 1, 0]);
    const last = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle });
    await client.send(last);
    expect(await countsOf(client, QueueUrl)).toEqual([0, 0, 0]);
    // A second deletion succeeds.
    await client.send(last);
    const garbage = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'garbage' });
    await expect(client.send(garbage)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('is deleted in batches, entry by entry', async () => {
    const { client } = await startWithClient();
    const QueueUrl = await createQueue(client);
    await send(client, QueueUrl, '1', '2');
    const Entries = (await receive(client, QueueUrl)).map(({ ReceiptHandle }, n) => ({
      Id: `${n}`,
      ReceiptHandle,
    }));
    const result = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [...Entries, { Id: 'bad', ReceiptHandle: 'garbage' }],
      }),
    );
    expect(result.Successful).toEqual([{ Id: '0' }, { Id: '1' }]);
    expect(result.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }]);
    expect(await countsOf(client, QueueUrl)).toEqual([0, 0, 0]);
  });
});

describe('a receiver', () => {
  it('receives as many as it requests, oldest first', async () => {
    const { client } = await startWithClient({ clock: manualClock() });
    const QueueUrl = await createQueue(client);
    await send(client, QueueUrl, '1', '2', '3');
    expect(bodiesOf(await receive(client, QueueUrl, { MaxNumberOfMessages: 2 }))).toEqual(['1', '2']);
    expect(bodiesOf(await receive(client, QueueUrl, { MaxNumberOfMessages: undefined }))).toEqual(['3']);
  });

  it('is rejected with a parameter out of its range', async () => {
    const { client } = await startWithClient();
    const QueueUrl = await createQueue(client);
    const requests = [
      { MaxNumberOfMessages: 11 },
      { MaxNumberOfMessages: 0 },
      { WaitTimeSeconds: 21 },
      { VisibilityTimeout: -1 },
    ];
    for (const request of requests) {
      await expect(receive(client, QueueUrl, request)).rejects.toMatchObject({
        Code: 'InvalidParameterValue',
      });
    }
  });
});

describe('a message received too often', () => {
  it('moves to the dead-letter queue with its id, its count and its source', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const { queueUrl, deadLettersUrl } = await createQueueWithDeadLetters(client, 2);
    await send(client, queueUrl, 'poison');
    const [first] = await receive(client, queueUrl);
    clock.advance(30_000);
    expect(await receive(client, queueUrl)).toHaveLength(1);
    clock.advance(30_000);
    await send(client, queueUrl, 'wholesome');
    expect(bodiesOf(await receive(client, queueUrl))).toEqual(['wholesome']);
    const [dead] = await receive(client, deadLettersUrl, { MessageSystemAttributeNames: ['All'] });
    expect(dead).toMatchObject({
      MessageId: first?.MessageId,
      Body: 'poison',
      Attributes: { ApproximateReceiveCount: '3', DeadLetterQueueSourceArn: arnOf('cells-changed') },
    });
  });

  it('does not delay the messages behind it', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const { queueUrl } = await createQueueWithDeadLetters(client, 1);
    await send(client, queueUrl, ...Array.from({ length: 10 }, () => 'poison'));
    expect(await receive(client, queueUrl)).toHaveLength(10);
    clock.advance(30_000);
    await send(client, queueUrl, 'wholesome');
    expect(bodiesOf(await receive(client, queueUrl))).toEqual(['wholesome']);
  });
});
