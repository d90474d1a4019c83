/**
 * A push in the formats of both push services: FCM's HTTP v1 message and Apple's dictionary. Both show title and body, pass
 * the link, the push's id, its sender and the link to refuse to the app, and recognise a repetition by the id: a push sent twice is shown once.
 */
import type { PushNote, PushPlatform } from '#application/ports/phone-push.ts';

/** SNS's names of the platforms, in messages and in attribute names. */
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
      // SNS requires a default, and shows it on no platform that has its own message.
      default: note.title,
      [PROTOCOLS[platform]]: JSON.stringify(payload),
    }),
    attributes: platform === 'fcm' ? {} : apnsAttributes(note),
  };
}

function fcmPayload({ title, body, link, sender, refuseLink, pushId, ttlSeconds }: PushNote): object {
  return {
    fcmV1Message: {
      message: {
        notification: { title, body },
        data: { link, pushId, sender, refuseLink },
        android: {
          // The customer walks by the store now; when the phone wakes up by itself they are elsewhere.
          priority: 'high',
          ttl: `${ttlSeconds}s`,
          collapse_key: pushId,
          notification: { tag: pushId },
        },
      },
    },
  };
}

function apnsPayload({ title, body, link, sender, refuseLink, pushId }: PushNote): object {
  return { aps: { alert: { title, body }, sound: 'default' }, link, pushId, sender, refuseLink };
}

/** Settings that FCM reads from the message and Apple from headers, which SNS builds from these attributes. */
function apnsAttributes({ pushId, ttlSeconds }: PushNote): Record<string, string> {
  return {
    'AWS.SNS.MOBILE.APNS.PUSH_TYPE': 'alert',
    'AWS.SNS.MOBILE.APNS.PRIORITY': '10',
    'AWS.SNS.MOBILE.APNS.TTL': String(ttlSeconds),
    'AWS.SNS.MOBILE.APNS.COLLAPSE_ID': pushId,
  };
}
