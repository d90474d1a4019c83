/** The parts of an ARN a mapping needs: events name the region and the account their source is in. */

export interface ArnParts {
  readonly region: string;
  readonly account: string;
}

/** arn:partition:service:region:account:resource */
export function arnParts(arn: string): ArnParts {
  const [, , , region = '', account = ''] = arn.split(':');
  return { region, account };
}

export function functionArn(sourceArn: string, functionName: string): string {
  const { region, account } = arnParts(sourceArn);
  return `arn:aws:lambda:${region}:${account}:function:${functionName}`;
}
