/** `aisle dead-letters …`: lists and replays events that could not be counted. */
import { setTimeout as pause } from 'node:timers/promises';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, table, UserError } from '../command.ts';
import { replay } from '../dead-letters/replay.ts';

export const deadLettersList: Command = {
  name: 'dead-letters list',
  summary: 'list events that could not be counted, with the reason',
  help: `Usage: aisle dead-letters list [--bytes]

  --bytes    print the content of each event too; it may contain personal data

Causes:
  conflict     a different receipt with the same number was counted before
  unreadable   not a known event type or version
  unstorable   the database rejects it permanently
  exhausted    all retries failed

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, { bytes: { type: 'boolean' }, ...CLOUD_OPTIONS });
    const rows: string[][] = [];
    for await (const letter of openCloud(values, terminal).letters().list()) {
      rows.push([
        sequenceText(letter.sequence),
        new Date(letter.arrivedAtMs).toISOString(),
        letter.storeId,
        letter.why,
        letter.replayedAtMs === undefined ? '' : new Date(letter.replayedAtMs).toISOString(),
        letter.reason,
        ...(values.bytes ? [textOf(letter.bytes)] : []),
      ]);
    }
    const heads = ['sequence', 'arrived', 'store', 'cause', 'replayed', 'reason'];
    terminal.out(`${table(values.bytes ? [...heads, 'bytes'] : heads, rows)}\n`);
    return EXIT.ok;
  },
};

export const deadLettersReplay: Command = {
  name: 'dead-letters replay',
  summary: 'append dead letters to the event log again',
  help: `Usage: aisle dead-letters replay [--store sz01] [--only <sequence>]

Run it after the cause has been fixed. Each event is appended to the log again and marked as replayed; if
its retries were exhausted, the store's business day is recounted as well. Conflicts are skipped:
settle them (see: aisle conflicts list). The command can be re-run safely.

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
    const counts = { replayed: 0, skipped: 0, failed: 0 };
    const outcomes = replay(
      ports,
      (letter) =>
        (values.store === undefined || letter.storeId === values.store) &&
        (values.only === undefined || sequenceText(letter.sequence) === sequenceText(values.only)),
    );
    for await (const outcome of outcomes) {
      counts[outcome.kind]++;
      if (outcome.kind !== 'replayed') {
        terminal.err(`${outcome.kind} ${sequenceText(outcome.letter.sequence)}: ${outcome.why}\n`);
      }
    }
    terminal.out(`${counts.replayed} replayed, ${counts.skipped} skipped, ${counts.failed} failed.\n`);
    if (counts.failed > 0) throw new UserError('the event log did not store some events; run it again');
    return EXIT.ok;
  },
};

/** Returns a sequence number without its padding. */
const sequenceText = (sequence: string): string => sequence.replace(/^0+/, '');

/** Returns the bytes as text on one line: UTF-8 where they are printable, otherwise base64. */
function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  return /[\p{Cc}\uFFFD]/u.test(text) ? `base64 ${Buffer.from(bytes).toString('base64')}` : text;
}
