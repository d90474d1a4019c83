/** The operations this server knows, by the names they have on the wire. */
import type { Operation } from '../../wire/json-service.ts';
import type { Sns } from '../sns.ts';
import { createPlatformApplication } from './create-platform-application.ts';
import { createPlatformEndpoint } from './create-platform-endpoint.ts';
import { deleteEndpoint } from './delete-endpoint.ts';
import { getEndpointAttributes } from './get-endpoint-attributes.ts';
import { listEndpointsByPlatformApplication } from './list-endpoints-by-platform-application.ts';
import { listPlatformApplications } from './list-platform-applications.ts';
import { publish } from './publish.ts';
import { setEndpointAttributes } from './set-endpoint-attributes.ts';

export function operationsOf(sns: Sns): Readonly<Record<string, Operation>> {
  return {
    CreatePlatformApplication: createPlatformApplication(sns),
    CreatePlatformEndpoint: createPlatformEndpoint(sns),
    DeleteEndpoint: deleteEndpoint(sns),
    GetEndpointAttributes: getEndpointAttributes(sns),
    ListEndpointsByPlatformApplication: listEndpointsByPlatformApplication(sns),
    ListPlatformApplications: listPlatformApplications(sns),
    Publish: publish(sns),
    SetEndpointAttributes: setEndpointAttributes(sns),
  };
}
