/**
 * The environment of a sandbox: what the function declares and what the Lambda runtime adds, nothing of
 * the shell that started the local cloud. A developer's AWS_PROFILE must not reach a handler, and a
 * handler that relies on a variable the template does not give it must fail here, not after deployment.
 *
 * TZ is said for code that reads it. A thread keeps the time zone of its process whatever its own TZ says,
 * so the process that hosts functions has to run in UTC itself.
 */
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';

export interface EnvironmentOf {
  readonly name: string;
  readonly bundlePath: string;
  readonly handlerName: string;
  readonly memoryMb: number;
  readonly env: Readonly<Record<string, string>>;
}

const REGION = 'us-east-1';

/** The runtime's variables first, so that the function's own (region, endpoints, credentials) win. */
export function sandboxEnvironment(of: EnvironmentOf, now: Date): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: of.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(of.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${of.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName(now),
    LAMBDA_TASK_ROOT: dirname(of.bundlePath),
    _HANDLER: `index.${of.handlerName}`,
    ...of.env,
  };
}

/** One stream per sandbox, named by the day it was born. */
function logStreamName(now: Date): string {
  return `${now.toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
}
