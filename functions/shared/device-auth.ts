/**
 * The device behind a request, as the authorizer hands it on. HTTP APIs turn an authorizer's denial into a
 * 403 without a word; ours lets the request through with the refusal named, and it becomes a 401 here.
 */
import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import { problem } from '#contracts/http/problems.ts';
import type { DeviceKind } from '#domain/chain/device-key.ts';
import type { DeviceId, StoreId } from '#domain/chain/ids.ts';
import { HttpProblem } from './http.ts';

/** What the authorizer puts into the request's context: a device, or why there is none. Texts only. */
export interface DeviceContext {
  readonly deviceId?: string;
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

/** Who shows a key of this kind; throws 401 where no good key was shown, 403 where it is not for this kind. */
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
  if (!(context.kinds ?? '').split(',').includes(kind)) throw notThisKind(kind);
  return { ...context, deviceId };
}

const notThisKind = (kind: DeviceKind): HttpProblem =>
  new HttpProblem(problem(403, 'wrong-key-type', `The key is not for ${kind}.`));

/** The device of a store that may post this kind; throws as above. */
export function requireDevice(event: DeviceEvent, kind: DeviceKind): Device {
  const { deviceId, storeId } = requireKey(event, kind);
  if (!storeId) throw notThisKind(kind);
  return { deviceId: deviceId as DeviceId, storeId: storeId as StoreId };
}

/** The phone or app server that belongs to no store and may post this kind; throws as above. */
export function requireChainDevice(event: DeviceEvent, kind: 'positions' | 'people'): DeviceId {
  const { deviceId, storeId } = requireKey(event, kind);
  if (storeId) throw notThisKind(kind);
  return deviceId as DeviceId;
}
