/**
 * Where the push service keeps the phones of this installation, by platform. Its applications hold certificates that only
 * the chain's own app has, so nothing here can make them; an installation without an app has none and pushes to nobody.
 */
import type { PushApplications } from '#application/ports/phone-push.ts';
import { env } from '#contracts/env.ts';

export function pushApplications(variables: Record<string, string | undefined>): PushApplications {
  const fcm = variables[env.fcmApplicationArn];
  const apns = variables[env.apnsApplicationArn];
  return { ...(fcm ? { fcm } : {}), ...(apns ? { apns } : {}) };
}
