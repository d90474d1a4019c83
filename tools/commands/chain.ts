/** `aisle chain set`: what the chain is called, what it counts in, and whose telephone numbers it is told. */
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, UserError, usageError } from '../command.ts';

/** Whether a text is the code of a currency that people pay with. */
const isCurrency = (text: string): boolean => Intl.supportedValuesOf('currency').includes(text);

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** What Unicode knows for a region and ISO 3166-1 not for a country: unions, islands on their own, codes for trials. */
const NO_COUNTRIES = [
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

/** Whether a text is the code of a country; one that a country had and has no more (UK, DD) is not. */
const isCountry = (text: string): boolean =>
  /^[A-Z]{2}$/.test(text) &&
  !NO_COUNTRIES.includes(text) &&
  regions.of(text) !== undefined &&
  new Intl.Locale(`und-${text}`).region === text;

export const chainSet: Command = {
  name: 'chain set',
  summary: "set the chain's name, currency and country",
  help: `Usage: aisle chain set --name "Demo Electronics" --currency CNY [--country CN]

  --name      can be changed at any time
  --currency  the one currency it counts in (ISO 4217); only until there is a first store
  --country   the country (ISO 3166-1) whose number a telephone number is that comes without a code of its
              country; until it is set, only numbers with one (+86 …) are read

What is left out stays as it was set before.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      name: { type: 'string' },
      currency: { type: 'string' },
      country: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const { name: nameText, currency: currencyText, country: countryText } = values;
    if (nameText === undefined && currencyText === undefined && countryText === undefined) {
      throw usageError('say --name, --currency or --country');
    }
    const country = countryText?.toUpperCase();
    if (country !== undefined && !isCountry(country)) {
      throw new UserError(`"${countryText}" is not a country of ISO 3166-1, such as CN`);
    }
    const chain = openCloud(values, terminal).chain();
    const known = await chain.chain();
    const name = required(nameText ?? known?.name, '--name');
    const currency = required(currencyText ?? known?.currency, '--currency').toUpperCase();
    if (!isCurrency(currency))
      throw new UserError(`"${currency}" is not a currency of ISO 4217, such as CNY`);
    const outcome = await chain.putChain({ name, currency, ...(country === undefined ? {} : { country }) });
    if (outcome.kind === 'currency settled') {
      throw new UserError(`the chain has stores that count in ${outcome.currency}; its currency stays`);
    }
    terminal.out(`The chain is ${name} and counts in ${currency}.\n`);
    const from = country ?? known?.country;
    if (from !== undefined) {
      terminal.out(
        `Telephone numbers without the code of their country are read as ${regions.of(from)}'s.\n`,
      );
    }
    return EXIT.ok;
  },
};
