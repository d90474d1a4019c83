/**
 * A stage is one complete copy of Aisle. `Prod` holds a chain's real figures; every other stage can be deleted. All
 * differences between stages are defined here.
 */
import { RemovalPolicy } from 'aws-cdk-lib';

/** The prefix of stack and alarm names, so it must be valid in CloudFormation. */
export type Stage = string;

export const STAGE_DEFAULT: Stage = 'Dev';

/** Long enough for `Rehearsal`, short enough for a Cognito domain prefix with an account number in it. */
const STAGE_PATTERN = /^[A-Z][A-Za-z0-9]{1,15}$/;

/**
 * Returns the stage of that name.
 *
 * @throws where no stack could be named so
 */
export function parseStage(given: unknown): Stage {
  if (typeof given === 'string' && STAGE_PATTERN.test(given)) return given;
  throw new Error(`a stage is one capitalised word of 2 to 16 letters or digits, like Prod; got ${given}`);
}

/** Reports whether a stage holds real data. */
export function isProd(stage: Stage): boolean {
  return stage === 'Prod';
}

/** Returns what happens to data when its stack is deleted: production keeps it, other stages leave nothing to pay for. */
export function removalPolicy(stage: Stage): RemovalPolicy {
  return isProd(stage) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
