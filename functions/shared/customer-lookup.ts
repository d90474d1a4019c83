/**
 * Access to a customer's record, and the resolution of a customer's name in a path. A path may name a customer by their id,
 * a member number or a linked phone; never by a telephone number, which would end up in access logs.
 */
import type { PersonStore } from '#application/ports/person-store.ts';
import { problem } from '#contracts/http/problems.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { identifierOf, isPersonId } from '#domain/people/customers/customer.ts';
import { HttpProblem } from './http.ts';
import { hasRole, type StaffEvent, staffScopes } from './staff-auth.ts';

/**
 * Admits privacy officers and callers who hold the whole chain. A customer's history crosses all stores, so a scope of
 * some stores does not suffice.
 *
 * @throws HttpProblem 403
 */
export function requireCustomerReader(event: StaffEvent): { readonly isPrivacyOfficer: boolean } {
  const isPrivacyOfficer = hasRole(event, 'privacy-officer');
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
 * Resolves a customer named in a path: `p.…`, `member:M1` or `device:ph-…`.
 *
 * @throws HttpProblem 400 for a telephone number, 404 where no customer has the identifier
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
