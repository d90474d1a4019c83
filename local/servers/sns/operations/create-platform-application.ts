/**
 * CreatePlatformApplication. AWS tries the credentials out at the push service; here there is no push service, and they
 * are not kept. Creating an application again as it is, is no mistake; otherwise than it is, is one.
 */
import { operation } from '../../wire/json-service.ts';
import { required, text } from '../../wire/shape.ts';
import { PLATFORMS } from '../platforms.ts';
import { invalidParameter } from '../refusals.ts';
import { applicationArn, attributeMap, type Sns } from '../sns.ts';

const CREDENTIALS = ['PlatformCredential', 'PlatformPrincipal'];
const KEPT = [
  'EventEndpointCreated',
  'EventEndpointDeleted',
  'EventEndpointUpdated',
  'EventDeliveryFailure',
  'SuccessFeedbackRoleArn',
  'FailureFeedbackRoleArn',
  'SuccessFeedbackSampleRate',
  'ApplePlatformTeamID',
  'ApplePlatformBundleID',
];

export const createPlatformApplication = (sns: Sns) =>
  operation(
    { Name: required(text()), Platform: required(text()), Attributes: required(attributeMap) },
    ({ Name, Platform, Attributes }) => {
      if (!/^[\w.-]{1,256}$/.test(Name)) {
        throw invalidParameter(
          'Name',
          'must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, hyphens, and ' +
            'periods, and must be between 1 and 256 characters long',
        );
      }
      const platform = PLATFORMS.find((known) => known === Platform);
      if (platform === undefined) throw invalidParameter('Platform', `${Platform} is not served here`);
      const attributes = keptOf(Attributes);
      if (!Attributes.get('PlatformCredential')) {
        throw invalidParameter('PlatformCredential', 'cannot be empty');
      }
      const existing = sns.applications.byName(platform, Name);
      if (existing === undefined) sns.applications.create(platform, Name, attributes);
      else if (JSON.stringify(existing.attributes) !== JSON.stringify(attributes)) {
        throw invalidParameter('Attributes', 'the application exists with different attributes');
      }
      return { PlatformApplicationArn: applicationArn(sns, { platform, name: Name }) };
    },
  );

/** In an order of their own, so that equal ones are written alike. */
function keptOf(given: ReadonlyMap<string, string>): Record<string, string> {
  for (const name of given.keys()) {
    if (!CREDENTIALS.includes(name) && !KEPT.includes(name)) {
      throw invalidParameter('Attributes', `Invalid attribute name: ${name}`);
    }
  }
  return Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = given.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
