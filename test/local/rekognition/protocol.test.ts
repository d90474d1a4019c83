import { describe, expect, it } from 'vitest';
import { startWithClient } from './rekognition-client.ts';

/**
 * Sends an empty request to an operation, without an SDK: the SDK's types allow only what the service has.
 */
const call = async (url: string, target: string) => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  const response = await fetch(url, { method: 'POST', headers, body: '{}' });
  return { status: response.status, body: await response.json() };
};

describe('the protocol', () => {
  it.each(['RekognitionService.DetectFaces', 'RekognitionService.Oops', 'AnotherService.ListFaces', ''])(
    'answers UnknownOperationException to the target %j',
    async (target) => {
      const { server } = await startWithClient();
      expect(await call(server.url, target)).toMatchObject({
        status: 400,
        body: { __type: 'UnknownOperationException' },
      });
    },
  );
});
