/**
 * The SNS platform applications of this installation, by platform. They hold certificates of the chain's own app, so the
 * stack cannot create them; an installation without an app has none and sends no pushes.
 */
import type { PushApplications } from '#application/ports/phone-push.ts';
import { env } from '#contracts/env.ts';

/** Reads the ARNs of the applications from the function's environment. */
export function pushApplications(variables: Record<string, string | undefined>): PushApplications {
  const fcm = variables[env.fcmApplicationArn];
  const apns = variables[env.apnsApplicationArn];
  return { ...(fcm ? { fcm } : {}), ...(apns ? { apns } : {}) };
}
