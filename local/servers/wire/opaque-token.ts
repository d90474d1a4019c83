/**
 * Opaque tokens: what a client receives and returns unread, such as page tokens, shard iterators and receipt
 * handles. They are JSON in base64url, neither signed nor encrypted.
 */
import * as v from 'valibot';

/** Returns a token that carries the parts. The first one names its kind, so that kinds cannot be confused. */
export function writeToken(parts: readonly [kind: string, ...(string | number)[]]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Returns a token's parts, or undefined where they do not fit the schema: the token is of another kind, or forged. */
export function readToken<Schema extends v.GenericSchema>(
  schema: Schema,
  token: string,
): v.InferOutput<Schema> | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    const result = v.safeParse(schema, parts);
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
