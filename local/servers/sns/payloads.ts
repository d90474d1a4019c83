/**
 * The payload of a message for one push service, and the checks that the push service would make.
 *
 * SNS passes a payload on unread. FCM and APNs check it only then, and a rejection shows in the delivery log
 * alone; here it is rejected at once, since there is no push service that could do so later.
 */

import { invalidNotification, invalidParameter } from './errors.ts';
import { MESSAGE_BYTES_MAX, PAYLOAD_BYTES_MAX } from './limits.ts';
import { isApple, type Platform } from './platforms.ts';

export type Payload = Readonly<Record<string, unknown>>;

/** Returns the payload for a platform. @throws InvalidParameter where SNS or the push service would reject it */
export function payloadFor(platform: Platform, message: string, structure: string | undefined): Payload {
  if (message === '') throw invalidParameter('Empty message');
  if (Buffer.byteLength(message) > MESSAGE_BYTES_MAX) throw invalidParameter('Message too long');
  if (structure !== undefined && structure !== 'json') throw invalidParameter('MessageStructure');
  const own = structure === 'json' ? ofStructure(platform, message) : { text: message };
  const payload = 'text' in own ? plain(platform, own.text) : parsePayload(platform, own.json);
  if (Buffer.byteLength(JSON.stringify(payload)) > PAYLOAD_BYTES_MAX) {
    const reason = isApple(platform)
      ? 'Notification is too long'
      : 'Notification data is larger than allowed limit';
    throw invalidNotification(platform, reason);
  }
  return payload;
}

/** Returns the platform's own payload, or the default text. */
function ofStructure(
  platform: Platform,
  message: string,
): { readonly json: string } | { readonly text: string } {
  const structure = parseObject(message);
  if (structure === undefined) {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const own = structure[platform];
  if (typeof own === 'string') return { json: own };
  const { default: text } = structure;
  if (typeof text === 'string') return { text };
  throw invalidParameter('Message Structure - No default entry in JSON message body');
}

/** Returns the payload into which SNS turns a text. */
function plain(platform: Platform, text: string): Payload {
  return isApple(platform) ? { aps: { alert: text } } : { data: { default: text } };
}

function parsePayload(platform: Platform, json: string): Payload {
  const payload = parseObject(json);
  const isFit = payload !== undefined && (isApple(platform) ? isForApns(payload) : isForFcm(payload));
  if (!isFit) throw invalidNotification(platform, 'Notification is malformed');
  return payload;
}

/** Returns whether APNs would accept the payload. `aps` is Apple's; the members beside it are the app's. */
function isForApns({ aps }: Payload): boolean {
  if (!isObject(aps)) return false;
  const { alert } = aps;
  return alert === undefined || typeof alert === 'string' || (isObject(alert) && hasTexts(alert));
}

/** Returns whether FCM would accept the payload: an HTTP v1 message, or the older form, which SNS translates. */
function isForFcm(payload: Payload): boolean {
  const { fcmV1Message, ...older } = payload;
  if (fcmV1Message === undefined) return isLegacy(payload);
  if (Object.keys(older).length > 0 || !isObject(fcmV1Message)) return false;
  const { message } = fcmV1Message;
  return isObject(message) && isV1Message(message);
}

function isLegacy({ notification, data }: Payload): boolean {
  if (notification === undefined && data === undefined) return false;
  return isAbsentOr(notification, hasTexts) && isAbsentOr(data, () => true);
}

/** Returns whether the message is valid. The endpoint is its target, so a message with a target of its own is not. */
function isV1Message({ token, topic, condition, notification, data, android }: Payload): boolean {
  return (
    token === undefined &&
    topic === undefined &&
    condition === undefined &&
    isAbsentOr(notification, hasTexts) &&
    isAbsentOr(data, (fields) => Object.values(fields).every((value) => typeof value === 'string')) &&
    isAbsentOr(android, isAndroid)
  );
}

function isAndroid({ ttl, priority, notification, collapse_key }: Payload): boolean {
  return (
    (ttl === undefined || (typeof ttl === 'string' && /^\d+(\.\d{1,9})?s$/.test(ttl))) &&
    (priority === undefined || ['normal', 'high', 'NORMAL', 'HIGH'].includes(String(priority))) &&
    (collapse_key === undefined || typeof collapse_key === 'string') &&
    isAbsentOr(notification, hasTexts)
  );
}

function hasTexts({ title, body }: Payload): boolean {
  return [title, body].every((text) => text === undefined || typeof text === 'string');
}

function isAbsentOr(value: unknown, test: (object: Payload) => boolean): boolean {
  return value === undefined || (isObject(value) && test(value));
}

function parseObject(json: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
