/** Returns whether SNS still has an endpoint of a phone. The data that SNS stores, above all the token, is deleted with it. */

import { GetEndpointAttributesCommand, NotFoundException, type SNSClient } from '@aws-sdk/client-sns';
import type { IsEndpointKnown } from '#application/ports/phone-push.ts';

export const snsEndpointSearch =
  (client: SNSClient): IsEndpointKnown =>
  async (EndpointArn) => {
    try {
      await client.send(new GetEndpointAttributesCommand({ EndpointArn }));
      return true;
    } catch (error) {
      if (error instanceof NotFoundException) return false;
      throw error;
    }
  };
