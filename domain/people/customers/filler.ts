/**
 * Digits that are typed to satisfy a field and identify no customer in particular: 88888888, 12345678. A cashier who must enter a
 * number to go on enters one of these, and all customers served so would become one.
 */

/** Reports whether digits are one digit repeated, or count up or down by one, through 9 and 0: `8888`, `7890`, `4321`. */
export function isFiller(digits: string): boolean {
  const steps = new Set<number>();
  for (let at = 1; at < digits.length; at++)
    steps.add((Number(digits[at]) - Number(digits[at - 1]) + 10) % 10);
  const [step] = steps;
  return steps.size === 1 && (step === 0 || step === 1 || step === 9);
}
