/** `aisle chain set`: what the chain is called and what it counts in. */
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, UserError } from '../command.ts';

/** Whether a text is the code of a currency that people pay with. */
const isCurrency = (text: string): boolean => Intl.supportedValuesOf('currency').includes(text);

export const chainSet: Command = {
  name: 'chain set',
  summary: "set the chain's name and currency",
  help: `Usage: aisle chain set --name "Demo Electronics" --currency CNY

Names the chain and says the one currency it counts in (ISO 4217). The name can be changed at any
time; the currency only until there is a first store.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      name: { type: 'string' },
      currency: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const name = required(values.name, '--name');
    const currency = required(values.currency, '--currency').toUpperCase();
    if (!isCurrency(currency))
      throw new UserError(`"${currency}" is not a currency of ISO 4217, such as CNY`);
    const outcome = await openCloud(values, terminal).chain().putChain({ name, currency });
    if (outcome.kind === 'currency settled') {
      throw new UserError(`the chain has stores that count in ${outcome.currency}; its currency stays`);
    }
    terminal.out(`The chain is ${name} and counts in ${currency}.\n`);
    return EXIT.ok;
  },
};
