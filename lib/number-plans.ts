/**
 * The number formats of countries are half of the metadata of libphonenumber-js, and no function formats a number for
 * display. A bundle gets only what parsing and validation need: 49 kB instead of 98.
 */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The index of the formats in the packed plan of a country. */
const FORMATS_AT = 4;

interface Plans {
  readonly countries: Readonly<Record<string, readonly unknown[]>>;
}

/** An esbuild plugin that removes the formats from the bundled plans. */
export const numberPlans: Plugin = {
  name: 'number-plans',
  setup(build) {
    build.onLoad({ filter: /\/libphonenumber-js\/metadata\.mobile\.json\.js$/ }, async ({ path }) => {
      const plans = JSON.parse(await readFile(path.replace(/\.js$/, ''), 'utf8')) as Plans;
      const countries = Object.fromEntries(
        Object.entries(plans.countries).map(([country, plan]) => [
          country,
          plan.map((part, place) => (place === FORMATS_AT ? 0 : part)),
        ]),
      );
      return { contents: `export default ${JSON.stringify({ ...plans, countries })}`, loader: 'js' };
    });
  },
};
