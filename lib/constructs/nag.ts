/**
 * The acknowledgement of a cdk-nag finding. The reason is part of the call, so that a suppression without one cannot be
 * written.
 */
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Suppresses one finding on a construct and its children. */
export function acknowledge(on: IConstruct, id: `AwsSolutions-${string}`, reason: string): void {
  Validations.of(on).acknowledge({ id, reason });
}
