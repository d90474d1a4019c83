/** Queues as a whole: created, described, changed; and what the endpoint rejects. */
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import { arnOf, bodiesOf, countsOf, createQueue, receive, send, startWithClient } from './sqs-client.ts';

describe('a new queue', () => {
  it('has a URL, an ARN and default attributes in the form of AWS’s', async () => {
    const clock = manualClock();
    const { client, server } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client, { VisibilityTimeout: '180' });
    expect(QueueUrl).toBe(`${server.url}/000000000000/cells-changed`);
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toEqual({
      QueueArn: arnOf('cells-changed'),
      VisibilityTimeout: '180',
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      CreatedTimestamp: String(clock.nowMs() / 1000),
      LastModifiedTimestamp: String(clock.nowMs() / 1000),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
    });
  });

  it('can be created again with the same attributes and not with others', async () => {
    const { client } = await startWithClient();
    const QueueUrl = await createQueue(client, { VisibilityTimeout: '180' });
    expect(await createQueue(client, { VisibilityTimeout: '180' })).toBe(QueueUrl);
    expect(await createQueue(client)).toBe(QueueUrl);
    await expect(createQueue(client, { VisibilityTimeout: '60' })).rejects.toMatchObject({
      name: 'QueueNameExists',
    });
  });

  it('is rejected with a malformed name, an unknown attribute or a value out of its range', async () => {
    const { client } = await startWithClient();
    await expect(createQueue(client, {}, 'no spaces')).rejects.toMatchObject({
      Code: 'InvalidParameterValue',
    });
    await expect(createQueue(client, { Colour: 'red' })).rejects.toMatchObject({
      name: 'InvalidAttributeName',
    });
    for (const value of ['43201', '-1', 'soon', '']) {
      const rejection = { name: 'InvalidAttributeValue' };
      await expect(createQueue(client, { VisibilityTimeout: value })).rejects.toMatchObject(rejection);
    }
    const nameless = client.send(new CreateQueueCommand({ QueueName: undefined }));
    await expect(nameless).rejects.toMatchObject({
      Code: 'MissingParameter',
      message: 'The request must contain the parameter QueueName.',
    });
  });

  it('is rejected with a redrive policy that is malformed or has no target', async () => {
    const { client } = await startWithClient();
    await createQueue(client, {}, 'dead');
    const withPolicy = (policy: unknown) => createQueue(client, { RedrivePolicy: JSON.stringify(policy) });
    const rejection = { Code: 'InvalidParameterValue' };
    await expect(withPolicy({ deadLetterTargetArn: arnOf('x'), maxReceiveCount: 3 })).rejects.toMatchObject(
      rejection,
    );
    await expect(
      withPolicy({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 0 }),
    ).rejects.toMatchObject(rejection);
    await expect(createQueue(client, { RedrivePolicy: 'oops' })).rejects.toMatchObject(rejection);
    await withPolicy({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: '3' });
  });
});

describe('a queue that does not exist', () => {
  it('is rejected by its URL, under the codes of both protocols', async () => {
    const { client, server } = await startWithClient();
    const rejection = { name: 'QueueDoesNotExist', Code: 'AWS.SimpleQueueService.NonExistentQueue' };
    await expect(receive(client, `${server.url}/000000000000/nowhere`)).rejects.toMatchObject(rejection);
    await expect(receive(client, `${server.url}/111111111111/cells-changed`)).rejects.toMatchObject(
      rejection,
    );
  });
});

describe('a queue’s attributes', () => {
  it('change by name and keep the others', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client, { VisibilityTimeout: '180', DelaySeconds: '5' });
    clock.advance(10_000);
    await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '0' } }));
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout', 'DelaySeconds'] }),
    );
    expect(Attributes).toEqual({ VisibilityTimeout: '180', DelaySeconds: '0' });
    const unknown = new SetQueueAttributesCommand({ QueueUrl, Attributes: { FifoQueue: 'true' } });
    await expect(client.send(unknown)).rejects.toMatchObject({ name: 'InvalidAttributeName' });
  });

  it('count the visible, in-flight and delayed messages', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client);
    await send(client, QueueUrl, '1', '2', '3');
    await receive(client, QueueUrl, { MaxNumberOfMessages: 1 });
    expect(await countsOf(client, QueueUrl)).toEqual([2, 1, 0]);
    clock.advance(30_000);
    expect(await countsOf(client, QueueUrl)).toEqual([3, 0, 0]);
  });
});

describe('an operation that the SQS endpoint does not serve', () => {
  it.each(['PurgeQueue', 'ListQueues', 'constructor'])(
    'is rejected as an UnknownOperationException: %s',
    async (name) => {
      const { server } = await startWithClient();
      const headers = { 'x-amz-target': `AmazonSQS.${name}` };
      const response = await fetch(server.url, { method: 'POST', headers, body: '{}' });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ __type: 'UnknownOperationException' });
    },
  );
});

describe('a message past its retention', () => {
  it('is deleted', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client, { MessageRetentionPeriod: '60' });
    await send(client, QueueUrl, 'old');
    clock.advance(59_999);
    await send(client, QueueUrl, 'new');
    clock.advance(1);
    expect(bodiesOf(await receive(client, QueueUrl))).toEqual(['new']);
  });
});
