/** The context of every operation: the server's state, its clock, and the ARNs of applications and endpoints. */
import { type Account, arnOf } from '../wire/account.ts';
import type { Clock } from '../wire/clock.ts';
import { mapOf, required, text } from '../wire/shape.ts';
import type { Application, Applications } from './applications.ts';
import type { Deliveries, NewDelivery } from './deliveries.ts';
import type { Endpoint, Endpoints } from './endpoints.ts';
import { invalidParameter, noApplication } from './errors.ts';
import type { Platform } from './platforms.ts';

/** A message to a phone. */
export interface Delivery extends NewDelivery {
  readonly endpointArn: string;
  readonly platform: Platform;
}

export interface Sns {
  readonly account: Account;
  readonly clock: Clock;
  readonly applications: Applications;
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly onPublish: (delivery: Delivery) => void;
  /** Truncates the database's log, which still holds deleted rows. */
  readonly truncateLog: () => void;
}

export const attributeMap = mapOf(required(text()));
export const endpointArn = { EndpointArn: required(text()) };

/** Returns the ARN of an application. */
export function applicationArn({ account }: Sns, { platform, name }: Pick<Application, 'platform' | 'name'>) {
  return arnOf('sns', account, `app/${platform}/${name}`);
}

/** Returns the ARN of an endpoint, under that of its application. */
export function endpointArnOf(sns: Sns, { applicationId, endpointId }: Endpoint): string {
  const { platform, name } = applicationOf(sns, applicationId);
  return arnOf('sns', sns.account, `endpoint/${platform}/${name}/${endpointId}`);
}

/** Returns the application of an endpoint. */
export function applicationOf({ applications }: Sns, id: number): Application {
  const application = applications.byId(id);
  if (application === undefined) throw new Error(`there is no application ${id}`);
  return application;
}

/** Returns the application of an ARN. @throws NotFound, or InvalidParameter for a malformed ARN */
export function applicationOfArn(sns: Sns, arn: string): Application {
  const [, platform = '', name = ''] = partsOf(arn, 'PlatformApplicationArn', 3);
  const application = sns.applications.byName(platform, name);
  if (application === undefined || applicationArn(sns, application) !== arn) throw noApplication();
  return application;
}

/**
 * Returns the endpoint of an ARN, or undefined where there is none.
 *
 * @throws InvalidParameter for a malformed ARN, under the parameter's name.
 */
export function endpointOfArn(sns: Sns, arn: string, parameter: string): Endpoint | undefined {
  const [, , , endpointId = ''] = partsOf(arn, parameter, 4);
  const endpoint = sns.endpoints.byEndpointId(endpointId);
  return endpoint !== undefined && endpointArnOf(sns, endpoint) === arn ? endpoint : undefined;
}

const ARN_ELEMENTS_MIN = 6;

/** Returns the parts of an ARN's last element, which slashes separate. */
function partsOf(arn: string, parameter: string, count: number): string[] {
  const elements = arn.split(':');
  if (elements.length < ARN_ELEMENTS_MIN) {
    const reason = `An ARN must have at least ${ARN_ELEMENTS_MIN} elements, not ${elements.length}`;
    throw invalidParameter(parameter, reason);
  }
  const parts = elements
    .slice(ARN_ELEMENTS_MIN - 1)
    .join(':')
    .split('/');
  if (parts.length !== count) {
    throw invalidParameter(parameter, 'Wrong number of slashes in relative portion of the ARN.');
  }
  return parts;
}
