/** Publish, to one phone. Topics and text messages are not served here. */
import { randomUUID } from 'node:crypto';
import { operation } from '../../wire/json-service.ts';
import { mapOf, required, structure, text } from '../../wire/shape.ts';
import { endpointDisabled, invalidParameter, noTarget, noTopic } from '../errors.ts';
import { type Payload, payloadFor } from '../payloads.ts';
import type { Platform } from '../platforms.ts';
import { applicationOf, endpointOfArn, type Sns } from '../sns.ts';

const messageAttributes = mapOf(
  required(structure({ DataType: required(text()), StringValue: text(), BinaryValue: text() })),
);

export const publish = (sns: Sns) =>
  operation(
    {
      Message: required(text()),
      TargetArn: text(),
      TopicArn: text(),
      PhoneNumber: text(),
      Subject: text(),
      MessageStructure: text(),
      MessageAttributes: messageAttributes,
    },
    (input) => {
      const { Message, TargetArn, MessageStructure, MessageAttributes = new Map() } = input;
      if (input.TopicArn !== undefined) throw noTopic();
      if (input.PhoneNumber !== undefined) throw invalidParameter('PhoneNumber', 'is not served here');
      if (TargetArn === undefined) {
        throw invalidParameter('TopicArn or TargetArn', 'no value for required parameter');
      }
      const endpoint = endpointOfArn(sns, TargetArn, 'TargetArn');
      if (endpoint === undefined) throw noTarget();
      if (!endpoint.isEnabled) throw endpointDisabled();
      const { platform } = applicationOf(sns, endpoint.applicationId);
      const payload = payloadFor(platform, Message, MessageStructure);
      const collapseId = MessageAttributes.get(`AWS.SNS.MOBILE.${platform}.COLLAPSE_ID`)?.StringValue;
      const delivery = {
        messageId: randomUUID(),
        payload,
        collapseId: collapseId ?? tagOf(platform, payload),
        sentAtMs: sns.clock.nowMs(),
      };
      sns.deliveries.add(endpoint.id, delivery);
      sns.onPublish({ ...delivery, endpointArn: TargetArn, platform });
      return { MessageId: delivery.messageId };
    },
  );

/** Returns a notification's tag, Android's collapse id; Apple's is a message attribute. */
function tagOf(platform: Platform, { fcmV1Message }: Payload): string | undefined {
  if (platform !== 'GCM') return undefined;
  // The payload has been checked to have this shape, as far as it goes.
  const v1 = fcmV1Message as { message?: { android?: { notification?: { tag?: unknown } } } } | undefined;
  const tag = v1?.message?.android?.notification?.tag;
  return typeof tag === 'string' ? tag : undefined;
}
