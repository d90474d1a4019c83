import { describe, expect, it } from 'vitest';
import { type CallerEvent, grantsOfCaller } from '#functions/caller.ts';

const eventWith = (claims: Record<string, unknown>) =>
  ({ requestContext: { authorizer: { jwt: { claims, scopes: null } } } }) as unknown as CallerEvent;

describe("the caller's grants", () => {
  it('are read out of the one text that the gateway makes of a list of groups', () => {
    const event = eventWith({
      'cognito:groups': '[role:regional-manager scope:region:south scope:store:bj01]',
    });
    expect(grantsOfCaller(event)).toEqual([
      { kind: 'region', id: 'south' },
      { kind: 'store', id: 'bj01' },
    ]);
  });

  it('are none where the token has no groups, or none that is a scope', () => {
    expect(grantsOfCaller(eventWith({}))).toEqual([]);
    expect(grantsOfCaller(eventWith({ 'cognito:groups': '[]' }))).toEqual([]);
    expect(grantsOfCaller(eventWith({ 'cognito:groups': '[role:boss scope:everything]' }))).toEqual([]);
    expect(grantsOfCaller({ requestContext: {} } as CallerEvent)).toEqual([]);
  });
});
