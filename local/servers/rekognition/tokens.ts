/**
 * Request tokens: a client that got no answer sends the same token again, and gets the answer that it missed instead
 * of doing the work twice. The same token with other parameters is a mistake of the client's.
 */
import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, selectOne } from '../wire/database.ts';
import { tokenReused } from './errors.ts';
import { TOKEN_LIFE_MS } from './limits.ts';

export interface Tokens {
  /**
   * Does the work, all of it or nothing, unless it was done under this token already; answers what it answered.
   * The request is kept as a hash only: a token outlives a user who is deleted.
   */
  once<T>(operation: string, request: { readonly ClientRequestToken: string | undefined }, work: () => T): T;
}

interface TokenRow {
  readonly request: string;
  readonly answer: string;
}

export function openTokens(db: DatabaseSync, nowMs: () => number): Tokens {
  const find = db.prepare('SELECT request, answer FROM tokens WHERE operation = ? AND token = ?');
  const insert = db.prepare(
    'INSERT INTO tokens (operation, token, request, answer, used_at_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const expire = db.prepare('DELETE FROM tokens WHERE used_at_ms <= ?');
  return {
    once: (operation, { ClientRequestToken: token, ...rest }, work) =>
      inTransaction(db, () => {
        if (token === undefined) return work();
        expire.run(nowMs() - TOKEN_LIFE_MS);
        const asked = hash('sha256', JSON.stringify(rest), 'hex');
        const used = selectOne<TokenRow>(find, operation, token);
        if (used !== undefined) {
          if (used.request !== asked) throw tokenReused();
          return JSON.parse(used.answer);
        }
        const answer = work();
        insert.run(operation, token, asked, JSON.stringify(answer), nowMs());
        return answer;
      }),
  };
}
