/** Returns whether a conditional write succeeded; a failed condition is an outcome, not an error. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

export async function succeedsIf(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
