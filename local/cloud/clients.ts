/** SDK clients for the local servers, and the environment that directs other SDKs to them. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LocationClient } from '@aws-sdk/client-location';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { REGION } from '../template/names.ts';

/** Base URLs of the local servers. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly kinesis: string;
  readonly sqs: string;
  readonly rekognition: string;
  readonly location: string;
  readonly sns: string;
}

/** The servers check no signature, but the SDK requires credentials to sign with. */
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly sqs: SQSClient;
  readonly rekognition: RekognitionClient;
  readonly location: LocationClient;
  readonly sns: SNSClient;
  destroy(): void;
}

/** Returns a client for each server. */
export function openClients(endpoints: Endpoints): Clients {
  const common = { region: REGION, credentials: CREDENTIALS };
  const dynamodb = new DynamoDBClient({ ...common, endpoint: endpoints.dynamodb });
  const kinesis = new KinesisClient({ ...common, endpoint: endpoints.kinesis });
  const sqs = new SQSClient({ ...common, endpoint: endpoints.sqs });
  const rekognition = new RekognitionClient({ ...common, endpoint: endpoints.rekognition });
  // On AWS each part of Location has its own host, whose prefix the client would add to the address.
  const location = new LocationClient({ ...common, endpoint: endpoints.location, disableHostPrefix: true });
  const sns = new SNSClient({ ...common, endpoint: endpoints.sns });
  const clients = { dynamodb, kinesis, sqs, rekognition, location, sns };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Returns the environment variables with which an unmodified SDK or CLI uses the local servers. */
export function clientEnvironment(endpoints: Endpoints): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_KINESIS: endpoints.kinesis,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_REKOGNITION: endpoints.rekognition,
    AWS_ENDPOINT_URL_LOCATION: endpoints.location,
    AWS_ENDPOINT_URL_SNS: endpoints.sns,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  };
}
