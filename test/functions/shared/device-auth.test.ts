import { describe, expect, it } from 'vitest';
import {
  type DeviceContext,
  type DeviceEvent,
  requireChainDevice,
  requireDevice,
} from '#functions/shared/device-auth.ts';
import { HttpProblem } from '#functions/shared/http.ts';
import { httpEvent } from '../../support/http-event.ts';

const eventOf = (lambda: DeviceContext | undefined) =>
  httpEvent<DeviceEvent>(lambda === undefined ? {} : { authorizer: { lambda } });

const requireOf = (lambda: DeviceContext | undefined) => requireDevice(eventOf(lambda), 'receipts');

const refusalOf = (lambda: DeviceContext | undefined) => {
  try {
    return requireOf(lambda);
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    return [error.problem.status, error.problem.detail];
  }
};

describe('the device of a request', () => {
  it('is the one that the authorizer admitted, for the kinds that it may post', () => {
    expect(requireOf({ deviceId: 'd1', storeId: 'sz01', kinds: 'frames,receipts' })).toEqual({
      deviceId: 'd1',
      storeId: 'sz01',
    });
  });

  it.each([
    [undefined, 401, 'The key is unknown.'],
    [{}, 401, 'The key is unknown.'],
    [{ refusal: 'unknown' }, 401, 'The key is unknown.'],
    [{ refusal: 'revoked' }, 401, 'The key has been revoked.'],
    [{ refusal: 'expired' }, 401, 'The key has been replaced by a newer one.'],
    [{ deviceId: 'd1', kinds: 'receipts' }, 403, 'The key is not for receipts.'],
    [{ deviceId: 'd1', storeId: 'sz01' }, 403, 'The key is not for receipts.'],
    [{ deviceId: 'd1', storeId: 'sz01', kinds: 'frames' }, 403, 'The key is not for receipts.'],
    [{ deviceId: 'd1', storeId: 'sz01', kinds: 'receipts2' }, 403, 'The key is not for receipts.'],
  ])('is rejected with %j', (context, status, detail) => {
    expect(refusalOf(context)).toEqual([status, detail]);
  });
});

describe('a device without a store', () => {
  const phone = (context: DeviceContext) => requireChainDevice(eventOf(context), 'positions');

  it('is admitted with a key of its kind, and rejected with the key of a store', () => {
    expect(phone({ deviceId: 'ph-1', kinds: 'positions' })).toBe('ph-1');
    for (const context of [
      { deviceId: 'ph-1', kinds: 'people' },
      { deviceId: 'ph-1', kinds: 'positions', storeId: 'sz01' },
    ])
      expect(() => phone(context)).toThrow('The key is not for positions.');
    expect(() => phone({})).toThrow('The key is unknown.');
  });
});
