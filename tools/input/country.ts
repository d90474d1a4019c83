/** Countries as operators type them: ISO 3166-1. */
const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Unicode regions that are no ISO 3166-1 countries: unions, exceptional reservations, test codes. */
const NON_COUNTRIES = [
  'AC',
  'CP',
  'CQ',
  'DG',
  'EA',
  'EU',
  'EZ',
  'IC',
  'QO',
  'TA',
  'UN',
  'XA',
  'XB',
  'XK',
  'ZZ',
];

/** Returns the English name of a country. */
export const countryName = (country: string): string | undefined => regions.of(country);

/** Returns whether a text is a current ISO 3166-1 code; former codes (DD) and aliases (UK) are not. */
export const isCountry = (text: string): boolean =>
  /^[A-Z]{2}$/.test(text) &&
  !NON_COUNTRIES.includes(text) &&
  regions.of(text) !== undefined &&
  new Intl.Locale(`und-${text}`).region === text;
