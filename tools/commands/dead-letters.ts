/** `aisle dead-letters …`: what the log carried and could not be counted, for a person to look at. */
import { setTimeout as pause } from 'node:timers/promises';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, table, UserError } from '../command.ts';
import { replay } from '../dead-letters/replay.ts';

export const deadLettersList: Command = {
  name: 'dead-letters list',
  summary: 'list what could not be counted, and why',
  help: `Usage: aisle dead-letters list [--bytes]

  --bytes    what each letter holds, too; it may name customers

  conflict     another receipt had been counted under the same name
  unreadable   no event that was ever defined
  unstorable   the database refuses it for good
  exhausted    every try failed

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, { bytes: { type: 'boolean' }, ...CLOUD_OPTIONS });
    const rows: string[][] = [];
    for await (const letter of openCloud(values, terminal).letters().list()) {
      rows.push([
        letter.sequence.replace(/^0+/, ''),
        new Date(letter.arrivedAtMs).toISOString(),
        letter.storeId,
        letter.why,
        letter.replayedAtMs === undefined ? '' : new Date(letter.replayedAtMs).toISOString(),
        letter.reason,
        ...(values.bytes ? [textOf(letter.bytes)] : []),
      ]);
    }
    const heads = ['place in the log', 'arrived', 'store', 'why', 'replayed', 'reason'];
    terminal.out(`${table(values.bytes ? [...heads, 'bytes'] : heads, rows)}\n`);
    return EXIT.ok;
  },
};

export const deadLettersReplay: Command = {
  name: 'dead-letters replay',
  summary: 'put what could not be counted back onto the log',
  help: `Usage: aisle dead-letters replay [--store sz01] [--only <place in the log>]

Run it after whatever stopped the letters has been mended. Each goes back onto the log and is marked; where
tries were exhausted, its store's day is counted anew as well. Conflicts are left: two receipts under
one name are for the till to correct. May be run again without harm.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      only: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const cloud = openCloud(values, terminal);
    const ports = {
      letters: cloud.letters(),
      log: cloud.log(),
      nowMs: terminal.nowMs,
      pauses: { pause: async (ms: number) => void (await pause(ms)), random: Math.random },
    };
    const counts = { replayed: 0, left: 0, failed: 0 };
    const outcomes = replay(
      ports,
      (letter) =>
        (values.store === undefined || letter.storeId === values.store) &&
        (values.only === undefined || letter.sequence.replace(/^0+/, '') === values.only.replace(/^0+/, '')),
    );
    for await (const outcome of outcomes) {
      counts[outcome.kind]++;
      if (outcome.kind !== 'replayed') {
        terminal.err(`${outcome.kind} ${outcome.letter.sequence.replace(/^0+/, '')}: ${outcome.why}\n`);
      }
    }
    terminal.out(`${counts.replayed} replayed, ${counts.left} left, ${counts.failed} failed.\n`);
    if (counts.failed > 0) throw new UserError('some letters were not taken by the log; run it again');
    return EXIT.ok;
  },
};

/** The bytes as text where they are text, otherwise in base64; on one line either way. */
function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  return /[\p{Cc}\uFFFD]/u.test(text) ? `base64 ${Buffer.from(bytes).toString('base64')}` : text;
}
