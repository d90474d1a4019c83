/**
 * A refusal as AWS words it: the SDKs choose the exception class, and whether to try again, by the code
 * and the status alone, so both must be right for callers to behave here as they do there.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** The code's name in the older query protocol, where it differs: SQS clients are still sent both. */
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
