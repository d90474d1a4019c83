/** The attributes that a caller may set on an endpoint, and SNS's limits on them. */
import type { Application } from './applications.ts';
import type { Endpoint } from './endpoints.ts';
import { invalidParameter } from './errors.ts';
import { APNS_TOKEN_HEX_MAX, TOKEN_BYTES_MAX, USER_DATA_BYTES_MAX } from './limits.ts';
import { isApple } from './platforms.ts';

export interface EndpointChanges {
  readonly token?: string;
  readonly isEnabled?: boolean;
  readonly userData?: string;
}

/** Returns the changes in a map of attributes. @throws InvalidParameter for an unknown name or a bad value */
export function readAttributes(
  attributes: ReadonlyMap<string, string>,
  { platform }: Application,
): EndpointChanges {
  const changes: { token?: string; isEnabled?: boolean; userData?: string } = {};
  for (const [name, value] of attributes) {
    switch (name) {
      case 'Token':
        changes.token = checkToken(value, platform);
        break;
      case 'CustomUserData':
        changes.userData = checkUserData(value);
        break;
      case 'Enabled':
        changes.isEnabled = checkFlag(value);
        break;
      default:
        throw invalidParameter('Attributes', `Invalid attribute name: ${name}`);
    }
  }
  return changes;
}

/** Returns an endpoint's attributes in AWS's order. */
export function describeAttributes({ isEnabled, token, userData }: Endpoint): Map<string, string> {
  return new Map([
    ['Enabled', String(isEnabled)],
    ['Token', token],
    ...(userData === '' ? [] : [['CustomUserData', userData] as const]),
  ]);
}

/** Returns the token. @throws InvalidParameter, never with the token in its text: errors are logged */
export function checkToken(token: string, platform: Application['platform']): string {
  if (token === '') throw invalidParameter('Token', 'cannot be empty');
  if (Buffer.byteLength(token) > TOKEN_BYTES_MAX) {
    throw invalidParameter('Token', `must be at most ${TOKEN_BYTES_MAX} bytes long in UTF-8 encoding`);
  }
  if (isApple(platform) && (!/^[0-9a-f]+$/i.test(token) || token.length > APNS_TOKEN_HEX_MAX)) {
    throw invalidParameter(
      'Token',
      `iOS device tokens must be no more than ${APNS_TOKEN_HEX_MAX} hexadecimal characters`,
    );
  }
  return token;
}

/** Returns the user data. @throws InvalidParameter */
export function checkUserData(userData: string): string {
  if (Buffer.byteLength(userData) > USER_DATA_BYTES_MAX) {
    throw invalidParameter(
      'CustomUserData',
      `must be at most ${USER_DATA_BYTES_MAX} bytes long in UTF-8 encoding`,
    );
  }
  return userData;
}

function checkFlag(value: string): boolean {
  const flag = value.toLowerCase();
  if (flag !== 'true' && flag !== 'false') {
    throw invalidParameter('Attributes', 'Invalid value for attribute: Enabled must be true or false');
  }
  return flag === 'true';
}
