/** DeleteEndpoint, with its deliveries. An unknown endpoint is no error, as on AWS. */
import { operation } from '../../wire/json-service.ts';
import { endpointArn, endpointOfArn, type Sns } from '../sns.ts';

export const deleteEndpoint = (sns: Sns) =>
  operation(endpointArn, ({ EndpointArn }) => {
    const endpoint = endpointOfArn(sns, EndpointArn, 'EndpointArn');
    if (endpoint === undefined) return undefined;
    sns.endpoints.delete(endpoint);
    sns.truncateLog();
    return undefined;
  });
