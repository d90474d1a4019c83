/** The AWS Solutions rules (cdk-nag): no findings, and a reason for every suppression. */
import { Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { declared } from './synthesised.ts';

/** A shorter text gives no reason. */
const REASON_CHARS_MIN = 40;

describe('the AWS Solutions rules', () => {
  it.each(['Dev', 'Prod'])('find no violation in the stacks of %s', (stage) => {
    expect(new AwsSolutionsChecks().validateScope(declared(stage).app).violations).toEqual([]);
  });

  it('find a planted queue that accepts plain HTTP', () => {
    const { app, ingest } = declared('Dev');
    new Queue(ingest, 'Careless');
    const { violations } = new AwsSolutionsChecks().validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SQS4');
  });

  it('are suppressed only with a reason', () => {
    const reasons = declared('Dev')
      .app.node.findAll()
      .flatMap((construct) =>
        construct.node.metadata
          .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          .flatMap(({ data }) => Object.values(data as Record<string, string>)),
      );
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason.length).toBeGreaterThan(REASON_CHARS_MIN);
  });
});
