/** A running DynamoDB, whichever engine it is. */
export interface DynamoDbServer {
  readonly url: string;
  close(): Promise<void>;
}
