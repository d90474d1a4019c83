/** What is kept of a resource only to be told again: nothing here goes by it. */
export interface Extras {
  readonly Tags?: Readonly<Record<string, string>>;
  readonly KmsKeyId?: string;
}

/** As it was written by whoever created the resource. */
export const extrasOf = (json: string): Extras => JSON.parse(json);
