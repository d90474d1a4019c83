/** `aisle dead-letters …`: what the log carried and could not be counted, for a person to look at. */
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, table } from '../command.ts';

export const deadLettersList: Command = {
  name: 'dead-letters list',
  summary: 'list what could not be counted, and why',
  help: `Usage: aisle dead-letters list

  conflict     another receipt had been counted under the same name
  unreadable   no event that was ever defined
  unstorable   the database refuses it for good
  exhausted    every try failed

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, { ...CLOUD_OPTIONS });
    const rows: string[][] = [];
    for await (const letter of openCloud(values, terminal).letters().list()) {
      rows.push([
        letter.sequence.replace(/^0+/, ''),
        new Date(letter.arrivedAtMs).toISOString(),
        letter.storeId,
        letter.why,
        letter.replayedAtMs === undefined ? '' : new Date(letter.replayedAtMs).toISOString(),
        letter.reason,
      ]);
    }
    terminal.out(`${table(['place in the log', 'arrived', 'store', 'why', 'replayed', 'reason'], rows)}\n`);
    return EXIT.ok;
  },
};
