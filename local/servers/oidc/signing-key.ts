/**
 * The issuer's signing key. It is stored in the data folder, so that tokens stay valid over a restart, as on
 * AWS.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

const FILE = 'oidc-signing-key.json';
/** RSA is all that the JWT authorizers of API Gateway verify. */
export const SIGNING_ALGORITHM = 'RS256';

/** Returns the key of the data folder, created on first use, or a new one without a folder. */
export async function signingKey(dataDir: string | undefined): Promise<JWK> {
  if (dataDir === undefined) return newKey();
  const path = join(dataDir, FILE);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as JWK;
  const key = await newKey();
  mkdirSync(dataDir, { recursive: true });
  // Readable by the owner only: the key signs tokens of every role.
  writeFileSync(path, JSON.stringify(key), { mode: 0o600 });
  return key;
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  return { ...(await exportJWK(privateKey)), use: 'sig', alg: SIGNING_ALGORITHM, kid: `local-${Date.now()}` };
}
