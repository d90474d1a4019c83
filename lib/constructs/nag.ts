/**
 * Where a rule of cdk-nag is set aside, with the argument for it. The argument is part of the call, so that a
 * suppression without one cannot be written.
 */
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Sets one finding aside on one construct and what is inside it. */
export function acknowledge(on: IConstruct, id: `AwsSolutions-${string}`, reason: string): void {
  Validations.of(on).acknowledge({ id, reason });
}
