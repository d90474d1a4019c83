/** A fact store in memory, with the conditions of the real table. */
import type { Fact, FactStore } from '#application/ports/fact-store.ts';

export function memoryFactStore(): FactStore {
  const facts = new Map<string, Fact>();
  return {
    async claim(fact) {
      const key = `${fact.storeId}#${fact.day}#${fact.name}`;
      const existing = facts.get(key);
      if (existing === undefined || existing.sequence === fact.sequence) {
        facts.set(key, fact);
        return { kind: 'claimed' };
      }
      return existing.fingerprint === fact.fingerprint
        ? { kind: 'duplicate' }
        : { kind: 'conflict', existing };
    },
    async find(storeId, keys) {
      return keys.flatMap(({ day, name }) => facts.get(`${storeId}#${day}#${name}`) ?? []);
    },
    between: async (storeId, day, from, to) =>
      [...facts.values()]
        .filter((fact) => fact.storeId === storeId && fact.day === day)
        .filter(({ name }) => name >= from && name <= `${to}~`)
        .sort((a, b) => (a.sequence < b.sequence ? -1 : 1)),
    async ofDay(storeId, day, kind) {
      return [...facts.values()]
        .filter((fact) => fact.storeId === storeId && fact.day === day)
        .filter(({ name }) => kind === undefined || name.startsWith(`${kind}#`))
        .sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
    },
  };
}
