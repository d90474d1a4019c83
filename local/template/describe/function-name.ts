/** Templates point at a function by its name, its ARN, or the invocation path that wraps the ARN for API Gateway. */
export function functionNameOf(pointer: string): string {
  return /:function:([^:/]+)/.exec(pointer)?.[1] ?? pointer;
}
