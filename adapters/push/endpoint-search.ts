/** Whether the push service still knows a phone. What it knows, the phone's token before all, goes with the endpoint. */

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
