/** The state of a killed server after a restart on the same folder. */
import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startChild, temporaryFolder } from '../wire/child-server.ts';
import { bodiesOf, clientOf, countsOf, createQueue, receive, send, startWithClient } from './sqs-client.ts';

describe('an SQS server killed in the middle of its work', () => {
  it('still has every accepted message, releases those in flight, and has no deleted one', async () => {
    const dataDir = await temporaryFolder();
    const start = `server.startSqs({ dataDir: ${JSON.stringify(dataDir)} })`;
    const child = await startChild('local/servers/sqs/server.ts', start);
    const client = clientOf(child.url);
    onTestFinished(() => client.destroy());
    const QueueUrl = await createQueue(client, { VisibilityTimeout: '600' });
    await send(client, QueueUrl, 'deleted', 'in flight');
    const [done] = await receive(client, QueueUrl);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: done?.ReceiptHandle }));
    const accepted: string[] = [];
    const sending = (async () => {
      for (let n = 0; ; n++) {
        await send(client, QueueUrl, `${n}`);
        accepted.push(`${n}`);
        if (accepted.length === 50) child.kill().catch(() => {});
      }
    })();
    await expect(sending).rejects.toThrow();
    await child.kill();

    const again = await startWithClient({ dataDir });
    // Creating a queue that exists returns it; its URL has the new port, and the one with the old port still works.
    const existing = await createQueue(again.client, { VisibilityTimeout: '600' });
    expect(existing).toBe(`${again.server.url}/000000000000/cells-changed`);
    const [visible = 0, inFlight] = await countsOf(again.client, QueueUrl);
    expect(inFlight).toBe(0);
    const kept: (string | undefined)[] = [];
    while (kept.length < visible) kept.push(...bodiesOf(await receive(again.client, QueueUrl)));
    expect(accepted.length).toBeGreaterThanOrEqual(50);
    expect(accepted.filter((body) => !kept.includes(body))).toEqual([]);
    expect(kept).toContain('in flight');
    expect(kept).not.toContain('deleted');
  });
});
