/**
 * `npm run simulate -- --seeds 10000 [--from 1] [--recipe ours]`: the simulation over many seeds.
 * `npm run simulate -- --seed 4711`: one seed again, with every difference in words.
 */
import { parseArgs } from 'node:util';
import { FAULTS, noFaults } from './faults.ts';
import { RECIPES, type Recipe } from './recipes.ts';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    recipe: { type: 'string', default: 'ours' },
  },
});
const recipe = RECIPES.find((one) => one === values.recipe);
if (recipe === undefined) throw new Error(`--recipe is one of: ${RECIPES.join(', ')}`);
const from = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;

process.exitCode = (await run(recipe)) === 0 ? 0 : 1;

async function run(recipe: Recipe): Promise<number> {
  const started = performance.now();
  const faults = noFaults();
  const totals = { receipts: 0, cells: 0 };
  const wrong: number[] = [];
  for (let seed = from; seed < from + count; seed++) {
    const outcome = await simulate(seed, recipe);
    for (const fault of FAULTS) faults[fault] += outcome.faults[fault];
    totals.receipts += outcome.receipts;
    totals.cells += outcome.cells;
    if (outcome.differences.length === 0) continue;
    wrong.push(seed);
    if (values.seed !== undefined) console.log(outcome.differences.join('\n'));
    else if (wrong.length <= 5)
      console.log(
        `seed ${seed}: ${outcome.differences.length} differences, first: ${outcome.differences[0]}`,
      );
  }
  const seconds = (performance.now() - started) / 1000;
  for (const fault of FAULTS) console.log(`${fault.padEnd(36)} ${String(faults[fault]).padStart(9)}`);
  console.log(
    `${recipe}: ${count - wrong.length} of ${count} seeds exact, ${wrong.length} wrong; ${totals.receipts} receipts, ${totals.cells} cells compared, ${seconds.toFixed(1)} s`,
  );
  if (wrong.length > 0)
    console.log(`again with: npm run simulate -- --recipe '${recipe}' --seed ${wrong[0]}`);
  return wrong.length;
}
