/** `aisle chain set`: sets the chain's name, currency and country. */
import { parseAmount } from '#domain/chain/money.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, UserError, usageError } from '../command.ts';
import { countryName, isCountry } from '../input/country.ts';

/** Whether a text is an ISO 4217 code. */
const isCurrency = (text: string): boolean => Intl.supportedValuesOf('currency').includes(text);

export const chainSet: Command = {
  name: 'chain set',
  summary: "set the chain's name, currency and country",
  help: `Usage: aisle chain set --name "Demo Electronics" --currency CNY [--country CN] [--price-limit 100000]

  --name      can be changed at any time
  --currency  the chain's only currency (ISO 4217); fixed once there is a store
  --country   country (ISO 3166-1) of phone numbers without a country code; until it is set, only
              numbers with one (+86 …) are accepted
  --price-limit  highest price of a line; a till's price above it is refused, as it may be a barcode

Omitted options keep their values.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      name: { type: 'string' },
      currency: { type: 'string' },
      country: { type: 'string' },
      'price-limit': { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const { name: nameText, currency: currencyText, country: countryText, 'price-limit': limitText } = values;
    if ([nameText, currencyText, countryText, limitText].every((text) => text === undefined)) {
      throw usageError('pass --name, --currency, --country or --price-limit');
    }
    const country = countryText?.toUpperCase();
    if (country !== undefined && !isCountry(country)) {
      throw new UserError(`"${countryText}" is not an ISO 3166-1 country code such as CN`);
    }
    const priceLimit = limitText === undefined ? undefined : parseAmount(limitText);
    if (limitText !== undefined && (priceLimit === undefined || priceLimit <= 0n)) {
      throw new UserError(`--price-limit "${limitText}" is not an amount above 0`);
    }
    const chain = openCloud(values, terminal).chain();
    const existing = await chain.chain();
    const name = required(nameText ?? existing?.name, '--name');
    const currency = required(currencyText ?? existing?.currency, '--currency').toUpperCase();
    if (!isCurrency(currency)) {
      throw new UserError(`"${currency}" is not an ISO 4217 currency code such as CNY`);
    }
    const outcome = await chain.putChain({
      name,
      currency,
      ...(country === undefined ? {} : { country }),
      ...(priceLimit === undefined ? {} : { priceLimit }),
    });
    if (outcome.kind === 'currency settled') {
      throw new UserError(
        `the currency cannot be changed: the chain has stores that use ${outcome.currency}`,
      );
    }
    terminal.out(`Chain ${name}, currency ${currency}.\n`);
    const defaultCountry = country ?? existing?.country;
    if (defaultCountry !== undefined) {
      terminal.out(`Default country of phone numbers: ${countryName(defaultCountry)}.\n`);
    }
    return EXIT.ok;
  },
};
