/**
 * The environment of a sandbox: the function's own variables and those of the Lambda runtime, without the
 * shell's. A developer's AWS_PROFILE must not reach a handler, and a handler that relies on a variable that
 * the template does not declare must fail here, not after deployment.
 *
 * TZ is set for code that reads it. A thread has the time zone of its process whatever its own TZ is, so the
 * process that runs functions has to be in UTC itself.
 */
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { cloudEnv } from '#contracts/env.ts';

export interface EnvironmentConfig {
  readonly name: string;
  readonly bundlePath: string;
  readonly handlerName: string;
  readonly memoryMb: number;
  readonly env: Readonly<Record<string, string>>;
}

const REGION = 'us-east-1';

/**
 * Returns the environment; the function's own variables (region, endpoints, credentials) override the
 * runtime's.
 */
export function sandboxEnvironment(config: EnvironmentConfig, now: Date): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${config.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName(now),
    LAMBDA_TASK_ROOT: dirname(config.bundlePath),
    _HANDLER: `index.${config.handlerName}`,
    [cloudEnv.local]: 'true',
    [cloudEnv.localCountry]: process.env[cloudEnv.localCountry] ?? '',
    ...config.env,
  };
}

/** Returns the name of a new sandbox's log stream, which starts with the day. */
function logStreamName(now: Date): string {
  return `${now.toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
}
