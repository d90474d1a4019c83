/**
 * A stage is one complete copy of Aisle: `Prod` holds a chain's real figures, every other stage can be
 * thrown away. What differs between them is said here and nowhere else.
 */
import { RemovalPolicy } from 'aws-cdk-lib';

/** Stack names and alarm names begin with it, so it must be a word CloudFormation takes. */
export type Stage = string;

export const STAGE_DEFAULT: Stage = 'Dev';

/** Long enough for `Rehearsal`, short enough for a Cognito domain prefix with an account number in it. */
const STAGE_PATTERN = /^[A-Z][A-Za-z0-9]{1,15}$/;

/** The stage a caller asked for; throws where no stack could carry the name. */
export function parseStage(given: unknown): Stage {
  if (typeof given === 'string' && STAGE_PATTERN.test(given)) return given;
  throw new Error(`a stage is one capitalised word of 2 to 16 letters or digits, like Prod; got ${given}`);
}

export function isProd(stage: Stage): boolean {
  return stage === 'Prod';
}

/** Production data outlives its stack; elsewhere a deleted stack leaves nothing behind to pay for. */
export function removalPolicy(stage: Stage): RemovalPolicy {
  return isProd(stage) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
