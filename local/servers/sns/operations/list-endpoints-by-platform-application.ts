/** ListEndpointsByPlatformApplication, in the order they were created in. */
import { operation } from '../../wire/json-service.ts';
import { required, text } from '../../wire/shape.ts';
import { describeAttributes } from '../endpoint-attributes.ts';
import { nextToken, readPage } from '../page-tokens.ts';
import { applicationOfArn, endpointArnOf, type Sns } from '../sns.ts';

export const listEndpointsByPlatformApplication = (sns: Sns) =>
  operation(
    { PlatformApplicationArn: required(text()), ...nextToken },
    ({ PlatformApplicationArn, NextToken }) => {
      const { id } = applicationOfArn(sns, PlatformApplicationArn);
      const page = readPage(NextToken, (afterId, countMax) => sns.endpoints.after(id, afterId, countMax));
      return {
        Endpoints: page.rows.map((endpoint) => ({
          EndpointArn: endpointArnOf(sns, endpoint),
          Attributes: describeAttributes(endpoint),
        })),
        NextToken: page.nextToken,
      };
    },
  );
