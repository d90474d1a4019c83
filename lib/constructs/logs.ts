/** Log groups are declared, never left to Lambda, which would create them without an end to their retention. */
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Stage } from '../stage.ts';

/** A quarter covers "how was it before the last season began", and no law here asks for more of a log. */
export const LOG_RETENTION = RetentionDays.THREE_MONTHS;

/** Names a person can type, so that the runbook's commands can be pasted. */
export function logGroupName(stage: Stage, subject: string): string {
  return `/aisle/${stage}/${subject}`;
}
