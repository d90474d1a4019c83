/** Names and retention of log groups. They are declared, because Lambda would create them without a retention. */
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Stage } from '../stage.ts';

/** A quarter allows a comparison with the season before; no law requires more of a log. */
export const LOG_RETENTION = RetentionDays.THREE_MONTHS;

/** Returns a log group name that is short enough to type, so that the commands of the runbook can be pasted. */
export function logGroupName(stage: Stage, subject: string): string {
  return `/aisle/${stage}/${subject}`;
}
