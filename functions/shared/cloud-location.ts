/** Where the functions run, from their environment: the law asks which country faces are sent to. */
import { cloudEnv } from '#contracts/env.ts';
import { awsCloud, type CloudLocation, LOCAL_CLOUD } from '#domain/law/countries.ts';

/** Returns the location of the cloud: the country of the AWS region, or the local cloud. */
export function cloudLocation(variables: Readonly<Record<string, string | undefined>>): CloudLocation {
  if (variables[cloudEnv.local] !== 'true') return awsCloud(variables['AWS_REGION']);
  const country = variables[cloudEnv.localCountry];
  return country === undefined || country === '' ? LOCAL_CLOUD : { isLocal: true, country };
}
