/** Comparisons that are counted and reported: the expected value, the value found, and how many agreed. */

export interface Check {
  equal(what: string, found: bigint | string, wanted: bigint | string): void;
  readonly agreed: number;
  readonly differences: readonly string[];
}

export function check(): Check {
  const differences: string[] = [];
  let agreed = 0;
  return {
    equal(what, found, wanted) {
      if (found === wanted) agreed++;
      else differences.push(`${what}: ${found} instead of ${wanted}`);
    },
    get agreed() {
      return agreed;
    },
    differences,
  };
}
