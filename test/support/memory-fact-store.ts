/** Facts in memory, with the conditions of the real table. */
import type { Fact, FactStore } from '#adapters/dynamodb/fact-store.ts';

export function memoryFactStore(): FactStore {
  const facts = new Map<string, Fact>();
  return {
    async claim(fact) {
      const key = `${fact.storeId}#${fact.day}#${fact.name}`;
      const standing = facts.get(key);
      if (standing === undefined || standing.sequence === fact.sequence) {
        facts.set(key, fact);
        return { kind: 'claimed' };
      }
      return standing.fingerprint === fact.fingerprint
        ? { kind: 'duplicate' }
        : { kind: 'conflict', standing: standing.fingerprint };
    },
    async ofDay(storeId, day, kind) {
      return [...facts.values()]
        .filter((fact) => fact.storeId === storeId && fact.day === day)
        .filter(({ name }) => kind === undefined || name.startsWith(`${kind}#`))
        .sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
    },
  };
}
