/** `aisle chain set`: sets the chain's name, currency and country. */
import { parseAmount } from '#domain/chain/money.ts';
import { parseLabelPattern } from '#domain/goods/product-code.ts';
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
  --labels    patterns of the barcodes that the stores' scales print, separated by commas: 13 places of prefix
              (02, 20 … 29), P product, W grams or M hundredths of the currency, V not read, C check digit:
              20PPPPPWWWWWC,21PPPPPMMMMMC
  --price-limit  highest price of a line; a till's price above it is refused, as it may be a barcode

Omitted options keep their values.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      name: { type: 'string' },
      currency: { type: 'string' },
      country: { type: 'string' },
      'price-limit': { type: 'string' },
      labels: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const { name: nameText, currency: currencyText, country: countryText, 'price-limit': limitText } = values;
    if ([nameText, currencyText, countryText, limitText, values.labels].every((text) => text === undefined)) {
      throw usageError('pass --name, --currency, --country, --price-limit or --labels');
    }
    const country = countryText?.toUpperCase();
    if (country !== undefined && !isCountry(country)) {
      throw new UserError(`"${countryText}" is not an ISO 3166-1 country code such as CN`);
    }
    const priceLimit = limitText === undefined ? undefined : parseAmount(limitText);
    if (limitText !== undefined && (priceLimit === undefined || priceLimit <= 0n)) {
      throw new UserError(`--price-limit "${limitText}" is not an amount above 0`);
    }
    const labels = values.labels?.split(',').map((label) => label.trim());
    const wrong = labels?.find((label) => parseLabelPattern(label) === undefined);
    if (wrong !== undefined) throw new UserError(`"${wrong}" is not a pattern such as 20PPPPPWWWWWC`);
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
      ...(labels === undefined ? {} : { labels }),
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
