/**
 * An error in AWS's form. The SDKs choose the exception class, and whether to retry, by the code and the
 * status alone, so both must be right for callers to behave here as they do on AWS.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** The code in the older query protocol, where it differs: SQS still sends both. */
  readonly queryCode: string | undefined;

  constructor(
    code: string,
    message: string,
    { status = 400, queryCode }: { status?: number; queryCode?: string } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.queryCode = queryCode;
  }
}
