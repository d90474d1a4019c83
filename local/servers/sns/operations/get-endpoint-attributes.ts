/** GetEndpointAttributes: the token, the user data and whether the endpoint is enabled. */
import { operation } from '../../wire/json-service.ts';
import { describeAttributes } from '../endpoint-attributes.ts';
import { noEndpoint } from '../errors.ts';
import { endpointArn, endpointOfArn, type Sns } from '../sns.ts';

export const getEndpointAttributes = (sns: Sns) =>
  operation(endpointArn, ({ EndpointArn }) => {
    const endpoint = endpointOfArn(sns, EndpointArn, 'EndpointArn');
    if (endpoint === undefined) throw noEndpoint();
    return { Attributes: describeAttributes(endpoint) };
  });
