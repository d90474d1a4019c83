/**
 * CreatePlatformApplication. AWS tests the credentials with the push service; here there is none, and the credentials are
 * not stored. For an existing application with the same attributes it returns the application; others are rejected.
 */
import { operation } from '../../wire/json-service.ts';
import { required, text } from '../../wire/shape.ts';
import { invalidParameter } from '../errors.ts';
import { PLATFORMS } from '../platforms.ts';
import { applicationArn, attributeMap, type Sns } from '../sns.ts';

const CREDENTIALS = ['PlatformCredential', 'PlatformPrincipal'];
const STORED = [
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
      const platform = PLATFORMS.find((one) => one === Platform);
      if (platform === undefined) throw invalidParameter('Platform', `${Platform} is not served here`);
      const attributes = storedOf(Attributes);
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

/** Returns the attributes without the credentials, in a fixed order, so that equal ones have equal JSON. */
function storedOf(given: ReadonlyMap<string, string>): Record<string, string> {
  for (const name of given.keys()) {
    if (!CREDENTIALS.includes(name) && !STORED.includes(name)) {
      throw invalidParameter('Attributes', `Invalid attribute name: ${name}`);
    }
  }
  return Object.fromEntries(
    STORED.flatMap((name) => {
      const value = given.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
