import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreatePlatformApplicationCommand,
  DeleteTopicCommand,
  ListPlatformApplicationsCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../wire/child-server.ts';
import {
  APNS_APPLICATION,
  createApplication,
  GCM_APPLICATION,
  startWithApplications,
  startWithClient,
} from './sns-client.ts';

describe('a platform application', () => {
  it('has its platform and its name in its ARN', async () => {
    const { client } = await startWithClient();
    expect(await createApplication(client, 'GCM')).toBe(GCM_APPLICATION);
    expect(await createApplication(client, 'APNS')).toBe(APNS_APPLICATION);
  });

  it('stores no credentials', async () => {
    const dataDir = await temporaryFolder();
    const { client } = await startWithClient({ dataDir });
    await createApplication(client, 'GCM', 'aisle', { PlatformCredential: 'a-secret-of-the-app' });
    const files = readdirSync(dataDir).map((file) => readFileSync(join(dataDir, file)));
    expect(files.some((content) => content.includes('GCM'))).toBe(true);
    expect(files.some((content) => content.includes('a-secret-of-the-app'))).toBe(false);
  });

  it('can be created again with the same attributes and not with others', async () => {
    const { client } = await startWithApplications();
    expect(await createApplication(client, 'GCM')).toBe(GCM_APPLICATION);
    const other = createApplication(client, 'GCM', 'aisle', { SuccessFeedbackSampleRate: '100' });
    await expect(other).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it.each([
    [{ Name: 'a/b' }, 'Invalid parameter: Name Reason: must be made up of'],
    [{ Platform: 'PIGEON' }, 'Invalid parameter: Platform Reason: PIGEON'],
    [
      { Attributes: { SuccessFeedbackSampleRate: '1' } },
      'Invalid parameter: PlatformCredential Reason: cannot be empty',
    ],
    [
      { Attributes: { PlatformCredential: 'x', Colour: 'red' } },
      'Attributes Reason: Invalid attribute name: Colour',
    ],
  ])('is rejected with %j', async (wrong, reason) => {
    const { client } = await startWithClient();
    const command = new CreatePlatformApplicationCommand({
      Name: 'aisle',
      Platform: 'GCM',
      Attributes: { PlatformCredential: 'local' },
      ...wrong,
    });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(reason),
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('a request', () => {
  it('is rejected with the name of a required member that is missing', async () => {
    const { client } = await startWithClient();
    const command = new CreatePlatformApplicationCommand({
      Name: undefined,
      Platform: 'GCM',
      Attributes: { PlatformCredential: 'local' },
    });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'ValidationError',
      message:
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    });
  });

  it.each([
    ['DeleteTopic', new DeleteTopicCommand({ TopicArn: 'x' })],
    ['ListPlatformApplications', new ListPlatformApplicationsCommand({})],
  ])(
    'is rejected as an InvalidAction where it is %s, which the server does not serve',
    async (name, command) => {
      const { client } = await startWithClient();
      // Both are commands of the client; the cast only unites their types.
      await expect(client.send(command as DeleteTopicCommand)).rejects.toMatchObject({
        name: 'InvalidAction',
        message: `The action ${name} is not valid for this web service.`,
      });
    },
  );

  it('is answered in XML, with a request id of its own', async () => {
    const { server } = await startWithClient();
    const post = (body: string) => fetch(server.url, { method: 'POST', body });
    const application = 'Name=aisle&Platform=GCM&Attributes.entry.1.key=PlatformCredential';
    const response = await post(
      `Action=CreatePlatformApplication&${application}&Attributes.entry.1.value=x&Version=2010-03-31`,
    );
    expect(response.headers.get('content-type')).toBe('text/xml');
    const id = response.headers.get('x-amzn-requestid');
    expect(await response.text()).toBe(
      '<CreatePlatformApplicationResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">' +
        `<CreatePlatformApplicationResult><PlatformApplicationArn>${GCM_APPLICATION}</PlatformApplicationArn>` +
        '</CreatePlatformApplicationResult>' +
        `<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></CreatePlatformApplicationResponse>\n`,
    );
    const rejected = await post('Action=Publish&Message=hi&TargetArn=x');
    expect(rejected.status).toBe(400);
    expect(await rejected.text()).toBe(
      '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>' +
        '<Code>InvalidParameter</Code><Message>Invalid parameter: TargetArn Reason: An ARN must have at least ' +
        `6 elements, not 1</Message></Error><RequestId>${rejected.headers.get('x-amzn-requestid')}</RequestId>` +
        '</ErrorResponse>\n',
    );
  });
});
