/**
 * Client request tokens: a client without a response repeats its token and receives the first response,
 * without the work being repeated. The same token with other parameters is an error.
 */
import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, selectOne } from '../wire/database.ts';
import { tokenReused } from './errors.ts';
import { TOKEN_LIFE_MS } from './limits.ts';

export interface RequestTokens {
  /**
   * Runs `work` in a transaction and stores its response under the request's token, or returns the stored
   * response. The request is stored as a hash only, because a token outlives the deletion of the user it
   * names.
   *
   * @throws IdempotentParameterMismatchException for a used token with other parameters
   */
  once<T>(operation: string, request: { readonly ClientRequestToken: string | undefined }, work: () => T): T;
}

interface TokenRow {
  readonly request: string;
  readonly answer: string;
}

/** Returns the tokens of a database. */
export function openRequestTokens(db: DatabaseSync, nowMs: () => number): RequestTokens {
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
        const requestHash = hash('sha256', JSON.stringify(rest), 'hex');
        const used = selectOne<TokenRow>(find, operation, token);
        if (used !== undefined) {
          if (used.request !== requestHash) throw tokenReused();
          return JSON.parse(used.answer);
        }
        const response = work();
        insert.run(operation, token, requestHash, JSON.stringify(response), nowMs());
        return response;
      }),
  };
}
