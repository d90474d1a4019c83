/**
 * The device of a request, as the authorizer passes it on. HTTP APIs turn an authorizer's denial into a 403 without a
 * body; ours lets the request through with the reason, which becomes a 401 with problem details here.
 */
import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import { problem } from '#contracts/http/problems.ts';
import type { DeviceKind } from '#domain/chain/device-key.ts';
import type { DeviceId, StoreId } from '#domain/chain/ids.ts';
import { HttpProblem } from './http.ts';

/** The authorizer's part of the request context: a device, or the reason why there is none. All values are strings. */
export interface DeviceContext {
  readonly deviceId?: string;
  /** The id for the access log; absent for a customer's phone, which no log may name. */
  readonly loggedDeviceId?: string;
  readonly storeId?: string;
  /** Comma-separated device kinds. */
  readonly kinds?: string;
  readonly refusal?: string;
}

export type DeviceEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<DeviceContext>;

export interface Device {
  readonly deviceId: DeviceId;
  readonly storeId: StoreId;
}

/** Returns the device whose key is of this kind; throws 401 without a valid key, 403 where it is of another kind. */
function requireKey(event: DeviceEvent, kind: DeviceKind): DeviceContext & { readonly deviceId: string } {
  const context = event.requestContext.authorizer?.lambda ?? {};
  const { deviceId } = context;
  if (!deviceId) {
    const detail =
      context.refusal === 'revoked' || context.refusal === 'expired'
        ? `The key has been ${context.refusal === 'revoked' ? 'revoked' : 'replaced by a newer one'}.`
        : 'The key is unknown.';
    throw new HttpProblem(problem(401, 'invalid-key', detail), {
      'www-authenticate': 'Bearer realm="aisle"',
    });
  }
  if (!(context.kinds ?? '').split(',').includes(kind)) throw wrongKeyType(kind);
  return { ...context, deviceId };
}

const wrongKeyType = (kind: DeviceKind): HttpProblem =>
  new HttpProblem(problem(403, 'wrong-key-type', `The key is not for ${kind}.`));

/**
 * Returns the device of a store that may post this kind.
 *
 * @throws HttpProblem 401 without a valid key, 403 where the key is of another kind or belongs to no store
 */
export function requireDevice(event: DeviceEvent, kind: DeviceKind): Device {
  const { deviceId, storeId } = requireKey(event, kind);
  if (!storeId) throw wrongKeyType(kind);
  return { deviceId: deviceId as DeviceId, storeId: storeId as StoreId };
}

/**
 * Returns the phone or app server that belongs to no store and may post this kind.
 *
 * @throws HttpProblem 401 without a valid key, 403 where the key is of another kind or belongs to a store
 */
export function requireChainDevice(event: DeviceEvent, kind: 'positions' | 'people'): DeviceId {
  const { deviceId, storeId } = requireKey(event, kind);
  if (storeId) throw wrongKeyType(kind);
  return deviceId as DeviceId;
}
