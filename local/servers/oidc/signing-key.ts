/**
 * The issuer's signing key. Kept with the data, so that a token survives a restart as it does on AWS; made anew
 * where nothing is kept.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

const FILE = 'oidc-signing-key.json';
/** API Gateway's authorizers verify RSA only. */
export const SIGNING_ALGORITHM = 'RS256';

export async function signingKey(dataDir: string | undefined): Promise<JWK> {
  if (dataDir === undefined) return newKey();
  const path = join(dataDir, FILE);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as JWK;
  const key = await newKey();
  mkdirSync(dataDir, { recursive: true });
  // Nobody else on the machine needs to be able to sign as the boss.
  writeFileSync(path, JSON.stringify(key), { mode: 0o600 });
  return key;
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  return { ...(await exportJWK(privateKey)), use: 'sig', alg: SIGNING_ALGORITHM, kid: `local-${Date.now()}` };
}
