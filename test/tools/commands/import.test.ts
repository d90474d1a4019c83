import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatKey, KEY_ID_LENGTH, SECRET_LENGTH } from '#contracts/device-key.ts';
import { aisle } from '#tools/aisle.ts';
import { recordingTerminal } from '../../support/terminal.ts';

const KEY = formatKey({ keyId: 'k'.repeat(KEY_ID_LENGTH), secret: 's'.repeat(SECRET_LENGTH) });

let folder: string;
let server: Server;
let url: string;
/** The posted requests: key and receipts. */
let posted: { key: string; receipts: { store: string; receiptNo: string; lines: { name: string }[] }[] }[];
/** Called before each response. */
let onRequest: () => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aisle-import-'));
  posted = [];
  onRequest = () => {};
  server = createServer(async (request, response) => {
    const { receipts } = JSON.parse(await text(request));
    posted.push({ key: request.headers.authorization ?? '', receipts });
    onRequest();
    const answers = receipts.map(({ receiptNo }: { receiptNo: string }, index: number) =>
      receiptNo === '13'
        ? {
            status: 'refused',
            index,
            problem: {
              type: 'x',
              title: 'Not valid',
              status: 400,
              errors: [{ pointer: `#/receipts/${index}/lines/0/quantity`, detail: 'must not be 0' }],
            },
          }
        : { status: 'accepted', index, id: 'x' },
    );
    response.writeHead(207, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ accepted: 0, refused: 0, notAccepted: 0, receipts: answers }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  file('keys.json', JSON.stringify({ s1: KEY, s2: KEY }));
  file('map.json', JSON.stringify(MAP));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const MAP = {
  receiptBy: ['no'],
  receipt: { store: 'store', till: { constant: '1' }, receiptNo: 'no', closedAt: 'when' },
  line: { product: 'sku', name: 'name', quantity: 'pcs', unitPrice: 'price' },
};
const HEADER = 'store,no,when,sku,name,pcs,price\n';
const rowOf = (no: number | string, more: { store?: string; name?: string; pcs?: string } = {}): string =>
  `${more.store ?? 's1'},${no},2026-01-02 10:00:00,A,${more.name ?? 'Apple'},${more.pcs ?? '1'},2.55\n`;

const file = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
const contentOf = (name: string) => readFileSync(join(folder, name), 'utf8');

async function run(csv: string, ...args: string[]) {
  const stop = new AbortController();
  const terminal = recordingTerminal(folder, { stop: stop.signal });
  const running = aisle(['import', csv, '--map', 'map.json', ...args], terminal);
  return { exitCode: await running, ...terminal.printed };
}
const send = (csv: string, ...args: string[]) => run(csv, '--url', url, '--keys', 'keys.json', ...args);

describe('aisle import', () => {
  it("posts a CSV with the key of each row's store, and prints a summary", async () => {
    file('sales.csv', HEADER + rowOf(1) + rowOf(1) + rowOf(2, { store: 's2' }));
    const { exitCode, out } = await send('sales.csv');
    expect(exitCode).toBe(0);
    expect(
      posted
        .flatMap(({ receipts }) => receipts)
        .map(({ store, lines }) => [store, lines.length])
        .sort(),
    ).toEqual([
      ['s1', 2],
      ['s2', 1],
    ]);
    expect(posted.every(({ key }) => key === `Bearer ${KEY}`)).toBe(true);
    expect(out).toMatch(/3 rows, 2 receipts\n +accepted +2\n +refused +0/);
    expect(existsSync(join(folder, 'sales.csv.checkpoint.json'))).toBe(false);
    expect(existsSync(join(folder, 'sales.csv.rejects.csv'))).toBe(false);
  });

  it('writes refused rows to a file beside the CSV, and exits with 3', async () => {
    file('sales.csv', `${HEADER}${rowOf(12)}${rowOf(13)}${rowOf(14, { pcs: 'x' })}s1,15\n`);
    const { exitCode, out } = await send('sales.csv');
    expect(exitCode).toBe(3);
    expect(contentOf('sales.csv.rejects.csv')).toBe(
      `line,store,receipt,reason,${HEADER}` +
        '3,s1,13,lines/0/quantity must not be 0,s1,13,2026-01-02 10:00:00,A,Apple,1,2.55\n' +
        '4,s1,14,line 5 cannot be read and may belong to this receipt; correct it and import both,s1,14,2026-01-02 10:00:00,A,Apple,x,2.55\n' +
        '5,,,has 2 fields instead of 7,s1,15\n',
    );
    expect(out).toMatch(/invalid +1 rows/);
  });

  it('reads gzip, other encodings and other delimiters', async () => {
    // 苹果 in GBK.
    const apple = Buffer.from([0xc6, 0xbb, 0xb9, 0xfb]);
    const [before, after] = rowOf(1, { name: '@' }).replaceAll(',', ';').split('@') as [string, string];
    const header = HEADER.replaceAll(',', ';');
    file('sales.csv.gz', gzipSync(Buffer.concat([Buffer.from(header + before), apple, Buffer.from(after)])));
    file('map.json', JSON.stringify({ ...MAP, csv: { delimiter: ';', encoding: 'gbk' } }));
    expect((await send('sales.csv.gz')).exitCode).toBe(0);
    expect(posted[0]?.receipts[0]?.lines[0]?.name).toBe('苹果');
  });

  it('takes the column names of a file without a header from the mapping', async () => {
    file('sales.csv', rowOf(7));
    file('map.json', JSON.stringify({ ...MAP, csv: { header: HEADER.trim().split(',') } }));
    expect((await send('sales.csv')).exitCode).toBe(0);
    expect(posted[0]?.receipts[0]?.receiptNo).toBe('7');
  });

  it('reports a file that is not in the encoding of the mapping, or truncated', async () => {
    file('sales.csv', Buffer.concat([Buffer.from(HEADER), Buffer.from([0xff, 0xfe, 0x0a])]));
    expect((await send('sales.csv')).err).toContain('not in the encoding');
    const noise = Array.from({ length: 500 }, (_, index) => rowOf(index * 7919)).join('');
    file('cut.csv.gz', gzipSync(HEADER + noise).subarray(0, -20));
    expect((await send('cut.csv.gz')).err).toMatch(/aisle: .*cut\.csv\.gz: unexpected end of file/);
  });

  it('prints the figures and sends nothing on --dry-run', async () => {
    file('sales.csv', HEADER + rowOf(1, { pcs: '3' }) + rowOf(2, { pcs: '-1' }) + rowOf(3, { pcs: '0' }));
    const { exitCode, out } = await run('sales.csv', '--dry-run');
    expect(exitCode).toBe(3);
    expect(posted).toEqual([]);
    expect(out).toMatch(/transactions +1\n +units +3\n +gross sales +7\.65/);
    expect(out).toMatch(/returns +2\.55\n +net sales +5\.10/);
    expect(out).toContain('line 4: #/lines/0/quantity must not be 0');
  });

  it('reports a missing or invalid key', async () => {
    file('sales.csv', HEADER + rowOf(1, { store: 's3' }));
    const { exitCode, err } = await send('sales.csv');
    expect(exitCode).toBe(1);
    expect(err).toContain('no key for store s3');
    expect((await run('sales.csv', '--url', url)).err).toContain('--keys is missing');
    file('keys.json', '{"s3":"nonsense"}');
    expect((await send('sales.csv')).err).toContain('is not a key');
  });

  it('resumes from the checkpoint of a stopped run, and starts over on --restart', async () => {
    const rows = Array.from({ length: 1_200 }, (_, index) => rowOf(index + 100));
    file('sales.csv', HEADER + rows.join(''));
    const stop = new AbortController();
    const terminal = recordingTerminal(folder, { stop: stop.signal });
    onRequest = () => stop.abort();
    const args = [
      'import',
      'sales.csv',
      '--map',
      'map.json',
      '--url',
      url,
      '--keys',
      'keys.json',
      '--in-flight',
      '1',
    ];
    expect(await aisle(args, terminal)).toBe(130);
    expect(terminal.printed.err).toContain('Stopped. Re-run the same command to resume.');
    expect(JSON.parse(contentOf('sales.csv.checkpoint.json')).state.rowsDone).toBe(500);

    onRequest = () => {};
    posted = [];
    const { exitCode, out, err } = await send('sales.csv');
    expect(exitCode).toBe(0);
    expect(err).toContain('resuming after row 500');
    expect(posted.flatMap(({ receipts }) => receipts)).toHaveLength(700);
    expect(out).toContain('1,200 rows, 1,200 receipts');

    onRequest = () => stop.abort();
    await aisle(args, recordingTerminal(folder, { stop: AbortSignal.any([stop.signal]) }));
    onRequest = () => {};
    posted = [];
    await send('sales.csv', '--restart');
    expect(posted.flatMap(({ receipts }) => receipts)).toHaveLength(1_200);
  });

  it('ignores the checkpoint of another CSV, mapping or URL', async () => {
    file('sales.csv', HEADER + rowOf(1));
    file('sales.csv.checkpoint.json', '{"fingerprint":"other","state":{"rowsDone":1}}');
    await send('sales.csv');
    expect(posted).toHaveLength(1);
  });
});
