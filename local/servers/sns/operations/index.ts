/** The operations of the server, by their names on the wire. Every other name is an InvalidAction. */
import type { Operation } from '../../wire/json-service.ts';
import type { Sns } from '../sns.ts';
import { createPlatformApplication } from './create-platform-application.ts';
import { createPlatformEndpoint } from './create-platform-endpoint.ts';
import { deleteEndpoint } from './delete-endpoint.ts';
import { getEndpointAttributes } from './get-endpoint-attributes.ts';
import { publish } from './publish.ts';
import { setEndpointAttributes } from './set-endpoint-attributes.ts';

/** Returns the operations over one server's state. */
export function operationsOf(sns: Sns): Readonly<Record<string, Operation>> {
  return {
    CreatePlatformApplication: createPlatformApplication(sns),
    CreatePlatformEndpoint: createPlatformEndpoint(sns),
    DeleteEndpoint: deleteEndpoint(sns),
    GetEndpointAttributes: getEndpointAttributes(sns),
    Publish: publish(sns),
    SetEndpointAttributes: setEndpointAttributes(sns),
  };
}
