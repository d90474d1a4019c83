/**
 * A push as the two push services want it: FCM's HTTP v1 message, and Apple's dictionary. Both show title and body, hand the
 * link and the push's id to the app, and know a repetition by the id: a phone that is told the same push twice shows it once.
 */
import type { PushNote, PushPlatform } from '#application/ports/phone-push.ts';

/** How SNS calls the platforms, in messages and in the names of attributes. */
const PROTOCOLS = { fcm: 'GCM', apns: 'APNS' } as const satisfies Record<PushPlatform, string>;

export interface PushMessage {
  /** For `MessageStructure: json`. */
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export function messageOf(platform: PushPlatform, note: PushNote): PushMessage {
  const payload = platform === 'fcm' ? fcmPayload(note) : apnsPayload(note);
  return {
    message: JSON.stringify({
      // SNS wants one, and shows it to nobody whose platform has its own.
      default: note.title,
      [PROTOCOLS[platform]]: JSON.stringify(payload),
    }),
    attributes: platform === 'fcm' ? {} : apnsAttributes(note),
  };
}

function fcmPayload({ title, body, link, pushId, ttlSeconds }: PushNote): object {
  return {
    fcmV1Message: {
      message: {
        notification: { title, body },
        data: { link, pushId },
        android: {
          // Somebody walks by a shop now; by the time the phone wakes up of itself they are elsewhere.
          priority: 'high',
          ttl: `${ttlSeconds}s`,
          collapse_key: pushId,
          notification: { tag: pushId },
        },
      },
    },
  };
}

function apnsPayload({ title, body, link, pushId }: PushNote): object {
  return { aps: { alert: { title, body }, sound: 'default' }, link, pushId };
}

/** What FCM is told in the message itself, Apple is told in headers, which SNS makes of these. */
function apnsAttributes({ pushId, ttlSeconds }: PushNote): Record<string, string> {
  return {
    'AWS.SNS.MOBILE.APNS.PUSH_TYPE': 'alert',
    'AWS.SNS.MOBILE.APNS.PRIORITY': '10',
    'AWS.SNS.MOBILE.APNS.TTL': String(ttlSeconds),
    'AWS.SNS.MOBILE.APNS.COLLAPSE_ID': pushId,
  };
}
