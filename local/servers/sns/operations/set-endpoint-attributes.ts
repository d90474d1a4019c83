/** SetEndpointAttributes: changes the named attributes. A token of another endpoint is rejected. */
import { operation } from '../../wire/json-service.ts';
import { required } from '../../wire/shape.ts';
import { readAttributes } from '../endpoint-attributes.ts';
import { endpointExists, noEndpoint } from '../errors.ts';
import { applicationOf, attributeMap, endpointArn, endpointArnOf, endpointOfArn, type Sns } from '../sns.ts';

export const setEndpointAttributes = (sns: Sns) =>
  operation({ ...endpointArn, Attributes: required(attributeMap) }, ({ EndpointArn, Attributes }) => {
    const endpoint = endpointOfArn(sns, EndpointArn, 'EndpointArn');
    if (endpoint === undefined) throw noEndpoint();
    const changed = {
      ...endpoint,
      ...readAttributes(Attributes, applicationOf(sns, endpoint.applicationId)),
    };
    const other = sns.endpoints.byToken(endpoint.applicationId, changed.token);
    if (other !== undefined && other.id !== endpoint.id) throw endpointExists(endpointArnOf(sns, other));
    sns.endpoints.change(endpoint, changed);
    return undefined;
  });
