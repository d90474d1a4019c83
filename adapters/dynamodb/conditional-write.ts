/** Whether a conditional write was made; a condition that does not hold is an answer and no error. */
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
