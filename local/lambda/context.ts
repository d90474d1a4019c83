/**
 * The context object of one invocation, built inside the sandbox from its environment.
 *
 * It has the fields of the nodejs24.x runtime: done, fail and succeed were removed with callback handlers.
 */
import type { Context } from 'aws-lambda';

export type LambdaContext = Omit<Context, 'done' | 'fail' | 'succeed'>;

export interface InvocationIdentity {
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
}

/** Returns the context of an invocation. */
export function lambdaContext(
  invocation: InvocationIdentity,
  env: Readonly<Record<string, string | undefined>>,
): LambdaContext {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'] ?? '',
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'] ?? '',
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? '',
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'] ?? '',
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'] ?? '',
    invokedFunctionArn: invocation.functionArn,
    awsRequestId: invocation.requestId,
    getRemainingTimeInMillis: () => Math.max(0, invocation.deadlineMs - Date.now()),
  };
}
