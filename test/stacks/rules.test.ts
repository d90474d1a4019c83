/** The rules of AWS Solutions (cdk-nag) hold, and whatever is set aside is argued. */
import { Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { declared } from './synthesised.ts';

/** Shorter than this is a shrug, not an argument. */
const ARGUMENT_CHARS_MIN = 40;

describe('the AWS Solutions rules', () => {
  it.each(['Dev', 'Prod'])('are kept by every stack of %s', (stage) => {
    expect(new AwsSolutionsChecks().validateScope(declared(stage).app).violations).toEqual([]);
  });

  it('would catch a queue that takes messages over plain HTTP', () => {
    const { app, ingest } = declared('Dev');
    new Queue(ingest, 'Careless');
    const { violations } = new AwsSolutionsChecks().validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SQS4');
  });

  it('are set aside only where somebody has argued it', () => {
    const reasons = declared('Dev')
      .app.node.findAll()
      .flatMap((construct) =>
        construct.node.metadata
          .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          .flatMap(({ data }) => Object.values(data as Record<string, string>)),
      );
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason.length).toBeGreaterThan(ARGUMENT_CHARS_MIN);
  });
});
