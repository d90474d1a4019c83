/**
 * The context object of one invocation, built inside the sandbox from its environment.
 *
 * Only what the nodejs24.x runtime still gives: done, fail and succeed went with callback handlers.
 */
import type { Context } from 'aws-lambda';

export type LambdaContext = Omit<Context, 'done' | 'fail' | 'succeed'>;

export interface InvocationFacts {
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
}

export function lambdaContext(
  facts: InvocationFacts,
  env: Readonly<Record<string, string | undefined>>,
): LambdaContext {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'] ?? '',
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'] ?? '',
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? '',
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'] ?? '',
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'] ?? '',
    invokedFunctionArn: facts.functionArn,
    awsRequestId: facts.requestId,
    getRemainingTimeInMillis: () => Math.max(0, facts.deadlineMs - Date.now()),
  };
}
