/**
 * The device behind a request, as the authorizer hands it on. HTTP APIs turn an authorizer's denial into a
 * 403 without a word; ours lets the request through with the refusal named, and it becomes a 401 here.
 */
import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import { problem } from '#contracts/problems.ts';
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

/** The device that may post this kind; throws 401 where no good key was shown, 403 where it is not for this kind. */
export function requireDevice(event: DeviceEvent, kind: DeviceKind): Device {
  const context = event.requestContext.authorizer?.lambda ?? {};
  if (!context.deviceId || !context.storeId) {
    const detail =
      context.refusal === 'revoked' || context.refusal === 'expired'
        ? `The key has been ${context.refusal === 'revoked' ? 'revoked' : 'replaced by a newer one'}.`
        : 'The key is not known.';
    throw new HttpProblem(problem(401, 'no-good-key', detail), {
      'www-authenticate': 'Bearer realm="aisle"',
    });
  }
  if (!(context.kinds ?? '').split(',').includes(kind)) {
    throw new HttpProblem(problem(403, 'not-this-kind', `The key is not for ${kind}.`));
  }
  return { deviceId: context.deviceId as DeviceId, storeId: context.storeId as StoreId };
}
