import { describe, expect, it } from 'vitest';
import { parseScope } from '#domain/chain/staff-scope.ts';
import { HttpProblem } from '#functions/shared/http.ts';
import {
  hasRole,
  requireRole,
  requireScope,
  type StaffEvent,
  staffScopes,
} from '#functions/shared/staff-auth.ts';
import { CHAIN, STORES } from '../../support/chain.ts';
import { memoryChainStore } from '../../support/memory-chain-store.ts';

const eventWith = (claims: Record<string, unknown>) =>
  ({ requestContext: { authorizer: { jwt: { claims, scopes: null } } } }) as unknown as StaffEvent;

describe("the caller's grants", () => {
  it('are parsed from the string that the gateway makes of a list of groups', () => {
    const event = eventWith({
      'cognito:groups': '[role:regional-manager scope:region:south scope:store:bj01]',
    });
    expect(staffScopes(event)).toEqual([
      { kind: 'region', id: 'south' },
      { kind: 'store', id: 'bj01' },
    ]);
  });

  it('are those of whole groups: one group is never read as two (P14)', () => {
    for (const group of ['scope:store:x,scope:chain', 'scope:store:x\tscope:chain', 'x]scope:chain'])
      expect(staffScopes(eventWith({ 'cognito:groups': `[${group}]` })), group).toEqual([]);
    const role = eventWith({ 'cognito:groups': '[role:boss,role:privacy-officer scope:store:sz01]' });
    expect(hasRole(role, 'privacy-officer')).toBe(false);
    expect(staffScopes(role)).toEqual([{ kind: 'store', id: 'sz01' }]);
  });

  it('do not permit to act, whatever may be read (P12)', () => {
    const boss = eventWith({ 'cognito:groups': '[role:boss scope:chain]' });
    expect(() => requireRole(boss, 'privacy-officer', 'to erase a customer')).toThrow(
      'You need role:privacy-officer to erase a customer.',
    );
    const editor = eventWith({ 'cognito:groups': '[role:campaign-editor scope:store:sz01]' });
    expect(() => requireRole(editor, 'campaign-editor', 'to edit campaigns')).not.toThrow();
    expect(() => requireRole(editor, 'privacy-officer', 'to erase a customer')).toThrow(HttpProblem);
  });

  it('are empty where the token has no groups, or none that is a scope', () => {
    expect(staffScopes(eventWith({}))).toEqual([]);
    expect(staffScopes(eventWith({ 'cognito:groups': '[]' }))).toEqual([]);
    expect(staffScopes(eventWith({ 'cognito:groups': '[role:boss scope:everything]' }))).toEqual([]);
    expect(staffScopes({ requestContext: {} } as StaffEvent)).toEqual([]);
  });
});

describe('the scope of a request', () => {
  const chain = memoryChainStore({ chain: CHAIN, stores: STORES });
  const ask = async (groups: string, text: string, store = chain) => {
    const scope = parseScope(text);
    if (scope === undefined) throw new Error(`${text} is no scope`);
    try {
      const { stores, currency } = await requireScope(eventWith({ 'cognito:groups': groups }), scope, store);
      return [currency, ...stores.map(({ storeId }) => storeId)];
    } catch (error) {
      return (error as { problem?: { status: number } }).problem?.status;
    }
  };

  it("gives its stores and the chain's currency to a caller who holds it", async () => {
    expect(await ask('[scope:region:south]', 'city:shenzhen')).toEqual(['CNY', 'sz01', 'sz02']);
    expect(await ask('[scope:store:sz01 scope:store:sz02]', 'city:shenzhen')).toEqual([
      'CNY',
      'sz01',
      'sz02',
    ]);
  });

  it('is forbidden to other callers, whether or not it exists', async () => {
    expect(await ask('[scope:store:sz01]', 'city:shenzhen')).toBe(403);
    expect(await ask('[scope:store:sz01]', 'city:atlantis')).toBe(403);
    expect(await ask('[role:boss]', 'chain')).toBe(403);
  });

  it('is not found where it has no store', async () => {
    expect(await ask('[scope:chain]', 'city:atlantis')).toBe(404);
    expect(await ask('[scope:chain]', 'chain', memoryChainStore())).toBe(404);
  });
});
