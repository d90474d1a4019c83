/**
 * Who may ask for a person, and whom they ask for. A person may be named by their own id, by a member number or by a bound
 * phone; never by a telephone number, which would stand in the log of every machine between here and whoever asks.
 */
import type { PersonStore } from '#application/ports/person-store.ts';
import { problem } from '#contracts/http/problems.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { identifierOf, isPersonId } from '#domain/people/customers/customer.ts';
import { HttpProblem } from './http.ts';
import { hasRole, type StaffEvent, staffScopes } from './staff-auth.ts';

/** Whoever answers people who ask what is known of them. */
const PRIVACY_OFFICER = 'privacy-officer';

/**
 * Lets those through who answer for the whole chain, and those who answer to its customers. A person's history crosses all
 * stores, so nobody's who holds some of them is enough.
 *
 * @throws HttpProblem 403
 */
export function requireCustomerReader(event: StaffEvent): { readonly isPrivacyOfficer: boolean } {
  const isPrivacyOfficer = hasRole(event, PRIVACY_OFFICER);
  if (isPrivacyOfficer || staffScopes(event).some(({ kind }) => kind === 'chain'))
    return { isPrivacyOfficer };
  throw new HttpProblem(
    problem(
      403,
      'forbidden',
      'Customer data is restricted to privacy officers and to staff with scope:chain.',
    ),
  );
}

export const personNotFound = (): HttpProblem =>
  new HttpProblem(problem(404, 'person-not-found', 'The customer does not exist, or was erased.'));

/**
 * The person that a path names: `p.…`, `member:M1` or `device:ph-…`.
 *
 * @throws HttpProblem 400 for a telephone number, 404 where nobody is found
 */
export async function resolvePersonId(people: Pick<PersonStore, 'find'>, name: string): Promise<PersonId> {
  if (isPersonId(name)) return name;
  const [kind, value] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)];
  if (kind === 'phone') {
    const advice = 'A phone number must not be part of a path; post it to /v1/people/search.';
    throw new HttpProblem(problem(400, 'phone-number-in-path', advice));
  }
  const identifier = kind === 'member' || kind === 'device' ? identifierOf(kind, value) : undefined;
  const personId = identifier && (await people.find(identifier));
  if (personId === undefined) throw personNotFound();
  return personId;
}
