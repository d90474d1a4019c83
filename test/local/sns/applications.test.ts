import {
  CreatePlatformApplicationCommand,
  DeleteTopicCommand,
  ListEndpointsByPlatformApplicationCommand,
  ListPlatformApplicationsCommand,
  paginateListEndpointsByPlatformApplication,
} from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { gather } from '#test/support/gather.ts';
import {
  APNS_APPLICATION,
  createApplication,
  createEndpoint,
  GCM_APPLICATION,
  startWithApplications,
  startWithClient,
} from './sns-client.ts';

describe('a platform application', () => {
  it('has an ARN that says its platform and its name', async () => {
    const { client } = await startWithClient();
    expect(await createApplication(client, 'GCM')).toBe(GCM_APPLICATION);
    expect(await createApplication(client, 'APNS')).toBe(APNS_APPLICATION);
  });

  it('is the same when it is created again as it is, and refused otherwise than it is', async () => {
    const { client } = await startWithApplications();
    expect(await createApplication(client, 'GCM')).toBe(GCM_APPLICATION);
    const other = createApplication(client, 'GCM', 'aisle', { SuccessFeedbackSampleRate: '100' });
    await expect(other).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('is listed without its credentials', async () => {
    const { client } = await startWithApplications();
    const { PlatformApplications, NextToken } = await client.send(new ListPlatformApplicationsCommand({}));
    expect(PlatformApplications).toEqual([
      { PlatformApplicationArn: GCM_APPLICATION, Attributes: { Enabled: 'true' } },
      { PlatformApplicationArn: APNS_APPLICATION, Attributes: { Enabled: 'true' } },
    ]);
    expect(NextToken).toBeUndefined();
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
  ])('is refused with %j', async (wrong, why) => {
    const { client } = await startWithClient();
    const command = new CreatePlatformApplicationCommand({
      Name: 'aisle',
      Platform: 'GCM',
      Attributes: { PlatformCredential: 'local' },
      ...wrong,
    });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(why),
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('the list of endpoints', () => {
  it('is of one application, and comes a hundred at a time', async () => {
    const { client } = await startWithApplications();
    const created: string[] = [];
    for (let n = 0; n < 101; n++) created.push(await createEndpoint(client, `token-${n}`));
    await createEndpoint(client, 'ab12', { PlatformApplicationArn: APNS_APPLICATION });
    const pages = await gather(
      paginateListEndpointsByPlatformApplication({ client }, { PlatformApplicationArn: GCM_APPLICATION }),
    );
    expect(pages.map(({ Endpoints = [] }) => Endpoints.length)).toEqual([100, 1]);
    const listed = pages.flatMap(({ Endpoints = [] }) => Endpoints);
    expect(listed.map(({ EndpointArn }) => EndpointArn)).toEqual(created);
    expect(listed[0]?.Attributes).toEqual({ Enabled: 'true', Token: 'token-0' });
  });

  it.each([
    [
      'of an application that is not there',
      { PlatformApplicationArn: `${GCM_APPLICATION}-2` },
      'NotFoundException',
    ],
    ['under no ARN', { PlatformApplicationArn: 'aisle' }, 'InvalidParameterException'],
    [
      'from a page that is not there',
      { PlatformApplicationArn: GCM_APPLICATION, NextToken: 'x' },
      'InvalidParameterException',
    ],
  ])('is refused %s', async (_, input, name) => {
    const { client } = await startWithApplications();
    const command = new ListEndpointsByPlatformApplicationCommand(input);
    await expect(client.send(command)).rejects.toMatchObject({ name });
  });
});

describe('a call', () => {
  it('without what it needs is refused with the name of what is missing', async () => {
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

  it('of an operation that is not served is refused by name', async () => {
    const { client } = await startWithClient();
    await expect(client.send(new DeleteTopicCommand({ TopicArn: 'x' }))).rejects.toMatchObject({
      name: 'InvalidAction',
      message: 'The action DeleteTopic is not valid for this web service.',
    });
  });

  it('is answered in XML, under an id of its own', async () => {
    const { server } = await startWithClient();
    const ask = (body: string) => fetch(server.url, { method: 'POST', body });
    const answered = await ask('Action=ListPlatformApplications&Version=2010-03-31');
    expect(answered.headers.get('content-type')).toBe('text/xml');
    const id = answered.headers.get('x-amzn-requestid');
    expect(await answered.text()).toBe(
      '<ListPlatformApplicationsResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">' +
        '<ListPlatformApplicationsResult><PlatformApplications></PlatformApplications></ListPlatformApplicationsResult>' +
        `<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></ListPlatformApplicationsResponse>\n`,
    );
    const refused = await ask('Action=Publish&Message=hi&TargetArn=x');
    expect(refused.status).toBe(400);
    expect(await refused.text()).toBe(
      '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>' +
        '<Code>InvalidParameter</Code><Message>Invalid parameter: TargetArn Reason: An ARN must have at least ' +
        `6 elements, not 1</Message></Error><RequestId>${refused.headers.get('x-amzn-requestid')}</RequestId>` +
        '</ErrorResponse>\n',
    );
  });
});
