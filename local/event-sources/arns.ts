/** The parts of an ARN that events name: the region and the account of their source. */

export interface ArnParts {
  readonly region: string;
  readonly account: string;
}

/** Returns the parts of `arn:partition:service:region:account:resource`. */
export function arnParts(arn: string): ArnParts {
  const [, , , region = '', account = ''] = arn.split(':');
  return { region, account };
}

/** Returns the ARN of a function in the region and the account of its source. */
export function functionArn(sourceArn: string, functionName: string): string {
  const { region, account } = arnParts(sourceArn);
  return `arn:aws:lambda:${region}:${account}:function:${functionName}`;
}
