/** Countries as the law groups them, and the countries of AWS regions. */
import type { Country } from './pack.ts';

/** The member states of the European Union, and the three other states in which its data protection law applies. */
export const EUROPEAN_ECONOMIC_AREA: readonly Country[] = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT'],
  ...['LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
  ...['IS', 'LI', 'NO'],
];

/** The countries of concern of 28 CFR 202.601, with the regions that it counts to China. */
export const COUNTRIES_OF_CONCERN: readonly Country[] = ['CN', 'HK', 'MO', 'CU', 'IR', 'KP', 'RU', 'VE'];

/** The countries of AWS regions. A region that is not listed counts as abroad everywhere. */
const REGION_COUNTRIES: Readonly<Record<string, Country>> = {
  'af-south-1': 'ZA',
  'ap-east-1': 'HK',
  'ap-east-2': 'TW',
  'ap-northeast-1': 'JP',
  'ap-northeast-2': 'KR',
  'ap-northeast-3': 'JP',
  'ap-south-1': 'IN',
  'ap-south-2': 'IN',
  'ap-southeast-1': 'SG',
  'ap-southeast-2': 'AU',
  'ap-southeast-3': 'ID',
  'ap-southeast-4': 'AU',
  'ap-southeast-5': 'MY',
  'ap-southeast-6': 'NZ',
  'ap-southeast-7': 'TH',
  'ca-central-1': 'CA',
  'ca-west-1': 'CA',
  'cn-north-1': 'CN',
  'cn-northwest-1': 'CN',
  'eu-central-1': 'DE',
  'eu-central-2': 'CH',
  'eu-north-1': 'SE',
  'eu-south-1': 'IT',
  'eu-south-2': 'ES',
  'eu-west-1': 'IE',
  'eu-west-2': 'GB',
  'eu-west-3': 'FR',
  'il-central-1': 'IL',
  'me-central-1': 'AE',
  'me-south-1': 'BH',
  'mx-central-1': 'MX',
  'sa-east-1': 'BR',
  'us-east-1': 'US',
  'us-east-2': 'US',
  'us-west-1': 'US',
  'us-west-2': 'US',
  'us-gov-east-1': 'US',
  'us-gov-west-1': 'US',
};

/** Returns the country of an AWS region, ISO 3166-1; undefined for a region that is not known. */
export const countryOfRegion = (region: string | undefined): Country | undefined =>
  region === undefined ? undefined : REGION_COUNTRIES[region];

/** Where the cloud is in which faces are processed. */
export interface CloudLocation {
  /** The local cloud of a laptop, for development and demonstrations. */
  readonly isLocal: boolean;
  /**
   * ISO 3166-1. Absent for a region of AWS that is not known, which counts as abroad everywhere, and for a local cloud,
   * which is in the country of its store.
   */
  readonly country?: Country;
}

/** The local cloud, in the country of its store. */
export const LOCAL_CLOUD: CloudLocation = { isLocal: true };

/** Returns the location of an AWS region. */
export function awsCloud(region: string | undefined): CloudLocation {
  const country = countryOfRegion(region);
  return country === undefined ? { isLocal: false } : { isLocal: false, country };
}
