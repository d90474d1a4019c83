/** The base of every Lambda handler: a logger that carries the invocation's context, and the time that is left. */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';

export interface EventTools {
  readonly logger: Logger;
  /** Whether more than `reserveMs` remain before Lambda stops the invocation. */
  readonly isTimeLeft: (reserveMs: number) => boolean;
}

export interface EventFunction<Event, Result> {
  readonly serviceName: string;
  readonly handle: (event: Event, tools: EventTools) => Promise<Result>;
}

/** The event that an EventBridge schedule sends; its content is not used. */
export interface ScheduledEvent {
  readonly source: string;
}

/** Returns a Lambda handler; an error of `handle` fails the invocation. */
export function eventHandler<Event, Result>({ serviceName, handle }: EventFunction<Event, Result>) {
  const logger = new Logger({ serviceName });
  // Events hold phone numbers and credentials, so not even POWERTOOLS_LOGGER_LOG_EVENT may have them logged.
  return middy<Event, Result, Error, Context>()
    .use(injectLambdaContext(logger, { logEvent: false }))
    .handler((event, context) =>
      handle(event, {
        logger,
        isTimeLeft: (reserveMs) => context.getRemainingTimeInMillis() > reserveMs,
      }),
    );
}
