/** DeleteEndpoint, with all that was sent to it. Deleting one that is gone is no mistake. */
import { operation } from '../../wire/json-service.ts';
import { endpointArn, endpointOfArn, type Sns } from '../sns.ts';

export const deleteEndpoint = (sns: Sns) =>
  operation(endpointArn, ({ EndpointArn }) => {
    const endpoint = endpointOfArn(sns, EndpointArn, 'EndpointArn');
    if (endpoint === undefined) return undefined;
    sns.endpoints.delete(endpoint);
    sns.wipe();
    return undefined;
  });
