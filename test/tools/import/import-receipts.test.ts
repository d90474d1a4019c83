import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoints } from '#tools/import/checkpoint.ts';
import { importReceipts } from '#tools/import/import-receipts.ts';
import type { ImportState } from '#tools/import/import-state.ts';
import { parseMapping } from '#tools/import/mapping.ts';
import { createSender } from '#tools/import/sender.ts';
import { openSourceFiles } from '#tools/import/source-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aisle-import-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const MAPPING = parseMapping(
  {
    receiptBy: ['no'],
    skip: [{ reason: 'odd', when: { of: 'pcs', equals: '-1' } }],
    receipt: {
      store: 'store',
      till: { constant: '1' },
      receiptNo: 'no',
      closedAt: { constant: '2026-01-02 10:00:00' },
    },
    line: { product: 'sku', quantity: 'pcs', unitPrice: { constant: '1' } },
  },
  'map.json',
);

interface FileRow {
  readonly store: string;
  readonly no: string;
  readonly pcs: string;
}

/** Writes rows whose products are numbered in the order of the file, so that a receipt's lines identify their rows. */
function writeCsv(rows: readonly FileRow[]): string {
  const path = join(folder, 'sales.csv');
  const lines = rows.map(({ store, no, pcs }, index) => `${store},${no},p${index},${pcs}`);
  writeFileSync(path, `store,no,sku,pcs\n${lines.join('\n')}\n`);
  return path;
}

type Reply = (receipts: { receiptNo: string }[], count: number) => Response | Promise<Response>;

const accepting = (receipts: { receiptNo: string }[], isTaken: (index: number) => boolean = () => true) => {
  const answers = receipts.map(({ receiptNo }, index) => {
    if (receiptNo.startsWith('bad')) {
      return {
        status: 'refused',
        index,
        problem: { type: 'x', title: 'Not valid', status: 400, detail: 'it is bad' },
      };
    }
    if (!isTaken(index))
      return { status: 'not-accepted', index, problem: { type: 'x', title: 'x', status: 429 } };
    return { status: 'accepted', index, id: receiptNo };
  });
  const count = (status: string) => answers.filter((one) => one.status === status).length;
  return Response.json(
    {
      accepted: count('accepted'),
      refused: count('refused'),
      notAccepted: count('not-accepted'),
      receipts: answers,
    },
    { status: 207 },
  );
};

/** Creates a server that stores the accepted receipts: their lines by store and number. */
function serverThat(reply: Reply = (receipts) => accepting(receipts)) {
  const accepted = new Map<string, string>();
  let requests = 0;
  const post: typeof fetch = async (_, init) => {
    const { receipts } = JSON.parse(String(init?.body));
    const response = await reply(receipts, ++requests);
    const { receipts: answers = [] } = (await response
      .clone()
      .json()
      .catch(() => ({}))) as {
      receipts?: { status: string; index: number }[];
    };
    for (const { status, index } of answers) {
      if (status !== 'accepted') continue;
      const { store, receiptNo, lines } = receipts[index];
      const name = `${store}/${receiptNo}`;
      const text = JSON.stringify(lines);
      // The fold would refuse a second body with the same number: a receipt must never be sent in two parts.
      expect(accepted.get(name) ?? text).toBe(text);
      accepted.set(name, text);
    }
    return response;
  };
  return { post, accepted, requests: () => requests };
}

function memoryCheckpoints(): Checkpoints {
  let saved: ImportState | undefined;
  return {
    load: () => saved,
    save: (state) => {
      saved = state;
    },
    remove: () => {
      saved = undefined;
    },
  };
}

/** Runs the import once, wired like the command. Time passes only in waits and when the clock is read. */
async function run(
  path: string,
  post: typeof fetch,
  more: {
    checkpoints?: Checkpoints;
    rejects?: { text: string };
    stop?: AbortSignal;
    patienceMs?: number;
  } = {},
) {
  const { checkpoints = memoryCheckpoints(), rejects = { text: '' } } = more;
  let nowMs = 0;
  const previous = checkpoints.load();
  rejects.text = rejects.text.slice(0, previous?.rejectsBytes ?? 0);
  return await importReceipts(
    {
      files: await openSourceFiles(path, MAPPING),
      checkpoints,
      stop: more.stop ?? new AbortController().signal,
      requestsMax: 4,
      // A fast clock saves a checkpoint after every outcome, so a run may be stopped anywhere.
      nowMs: () => (nowMs += 10_000),
      reject: (line) => {
        rejects.text += line;
        return line.length;
      },
      onState: () => {},
      senderWith: (stop) =>
        createSender({
          url: 'http://till.test',
          keyOf: async (store) => `key-of-${store}`,
          post,
          wait: async (ms) => {
            nowMs += ms;
          },
          nowMs: () => nowMs,
          random: () => 0.5,
          patienceMs: more.patienceMs ?? Number.POSITIVE_INFINITY,
          stop,
          onConnection: () => {},
        }),
    },
    previous,
  );
}

/** Files with adjacent and scattered receipts, rows to skip and receipts to refuse. */
const files = fc.array(
  fc.record({
    store: fc.constantFrom('s1', 's2', 's3'),
    no: fc.constantFrom('1', '2', '3', '4', '5', '6', 'bad1', 'bad2'),
    pcs: fc.constantFrom('1', '2', '-1', 'x'),
  }),
  { minLength: 1, maxLength: 60 },
);

/** The oracle: computes the expected result of a file in the simplest way. */
function expected(rows: readonly FileRow[]) {
  const receipts = Map.groupBy(
    rows.map((row, index) => ({ ...row, index })).filter(({ pcs }) => pcs !== '-1'),
    ({ store, no }) => `${store}/${no}`,
  );
  const good = [...receipts].filter(
    ([name, own]) => !name.includes('bad') && own.every(({ pcs }) => pcs !== 'x'),
  );
  return {
    accepted: new Map(
      good.map(([name, own]) => [
        name,
        JSON.stringify(
          own.map(({ index, pcs }) => ({ product: `p${index}`, quantity: Number(pcs), unitPrice: '1' })),
        ),
      ]),
    ),
    state: {
      rows: rows.length,
      receipts: receipts.size,
      accepted: good.length,
      refused: receipts.size - good.length,
      skipped: rows.some(({ pcs }) => pcs === '-1')
        ? { odd: rows.filter(({ pcs }) => pcs === '-1').length }
        : {},
    },
  };
}

const sorted = (map: ReadonlyMap<string, string>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe('importReceipts', () => {
  it('sends every receipt complete and counts it once, wherever its rows are in the file', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (rows) => {
        const server = serverThat();
        const { isComplete, state } = await run(writeCsv(rows), server.post);
        const oracle = expected(rows);
        expect(isComplete).toBe(true);
        expect(sorted(server.accepted)).toEqual(sorted(oracle.accepted));
        expect(state).toMatchObject(oracle.state);
      }),
      { numRuns: 25 },
    );
  });

  it('reaches the same result over an unreliable network and a throttled log', async () => {
    const unreliable: Reply = (receipts, count) => {
      if (count % 5 === 1) throw new TypeError('fetch failed');
      if (count % 5 === 2) return new Response('bad gateway', { status: 502 });
      if (count % 5 === 3) return new Response('{}', { status: 429, headers: { 'retry-after': '1' } });
      return accepting(receipts, (index) => (index + count) % 2 === 0);
    };
    await fc.assert(
      fc.asyncProperty(files, async (rows) => {
        const server = serverThat(unreliable);
        const { state } = await run(writeCsv(rows), server.post);
        const oracle = expected(rows);
        expect(sorted(server.accepted)).toEqual(sorted(oracle.accepted));
        expect(state).toMatchObject(oracle.state);
      }),
      { numRuns: 25 },
    );
  });

  it('resumes after a stop at any request, and ends with the same counts and rejects', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.array(fc.nat(4), { maxLength: 4 }), async (rows, stops) => {
        const path = writeCsv(rows);
        const checkpoints = memoryCheckpoints();
        const rejects = { text: '' };
        const server = serverThat();
        for (const stopAt of stops) {
          const stop = new AbortController();
          const stopping: typeof fetch = async (url, init) => {
            const response = await server.post(url, init);
            if (server.requests() >= stopAt) stop.abort();
            return response;
          };
          if ((await run(path, stopping, { checkpoints, rejects, stop: stop.signal })).isComplete) break;
        }
        const { isComplete, state } = await run(path, server.post, { checkpoints, rejects });
        const uninterrupted = { text: '' };
        const once = await run(path, serverThat().post, { rejects: uninterrupted });
        expect(isComplete).toBe(true);
        expect(checkpoints.load()).toBeUndefined();
        expect(sorted(server.accepted)).toEqual(sorted(expected(rows).accepted));
        expect(state).toEqual(once.state);
        expect(rejects.text).toBe(uninterrupted.text);
      }),
      { numRuns: 25 },
    );
  });

  it('resumes from its checkpoint without sending recorded receipts again', async () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => ({ store: 's1', no: String(index), pcs: '1' }));
    const path = writeCsv(rows);
    const checkpoints = memoryCheckpoints();
    const stop = new AbortController();
    const server = serverThat();
    const stopping: typeof fetch = async (url, init) => {
      const response = await server.post(url, init);
      if (server.requests() === 2) stop.abort();
      return response;
    };
    await run(path, stopping, { checkpoints, stop: stop.signal });
    const done = checkpoints.load()?.rowsDone ?? 0;
    expect(done).toBeGreaterThanOrEqual(500);
    const second = serverThat();
    const { state } = await run(path, second.post, { checkpoints });
    expect(second.accepted.size).toBe(2_000 - done);
    expect(state.accepted).toBe(2_000);
  });

  it('writes refused receipts to the rejects file with line, reason and original row', async () => {
    const rejects = { text: '' };
    const path = writeCsv([
      { store: 's1', no: 'bad1', pcs: '1' },
      { store: 's1', no: '2', pcs: 'x' },
    ]);
    await run(path, serverThat().post, { rejects });
    expect(rejects.text).toBe(
      `2,s1,bad1,it is bad,s1,bad1,p0,1\n3,s1,2,"line 3: ""x"" is not a number",s1,2,p1,x\n`,
    );
  });

  it('limits requests to 500 receipts of one store', async () => {
    const rows = Array.from({ length: 1_700 }, (_, index) => ({
      store: `s${index % 2}`,
      no: String(index),
      pcs: '1',
    }));
    const sizes: number[] = [];
    const server = serverThat((receipts) => {
      sizes.push(receipts.length);
      expect(new Set((receipts as unknown as { store: string }[]).map(({ store }) => store)).size).toBe(1);
      return accepting(receipts);
    });
    await run(writeCsv(rows), server.post);
    expect(sizes.sort((a, b) => a - b)).toEqual([350, 350, 500, 500]);
  });

  it('halves a request that is too large for the server', async () => {
    const rows = Array.from({ length: 8 }, (_, index) => ({ store: 's1', no: String(index), pcs: '1' }));
    const tooLarge = { type: 'x', title: 'Content Too Large', status: 413 };
    const server = serverThat((receipts) =>
      receipts.length > 3 ? Response.json(tooLarge, { status: 413 }) : accepting(receipts),
    );
    const { state } = await run(writeCsv(rows), server.post);
    expect(state).toMatchObject({ accepted: 8, refused: 0 });
  });

  it('stops at an invalid key, and names its store', async () => {
    const problem = {
      type: 'x',
      title: 'Missing or invalid key',
      status: 401,
      detail: 'The key has been revoked.',
    };
    const server = serverThat(() => Response.json(problem, { status: 401 }));
    const path = writeCsv([{ store: 's1', no: '1', pcs: '1' }]);
    await expect(run(path, server.post)).rejects.toThrow(/store s1: .*401.*revoked/);
  });

  it('retries an unavailable server until the patience ends, and keeps its checkpoint', async () => {
    const checkpoints = memoryCheckpoints();
    const path = writeCsv([{ store: 's1', no: '1', pcs: '1' }]);
    const gone = serverThat(() => {
      throw new TypeError('fetch failed');
    });
    await expect(run(path, gone.post, { checkpoints, patienceMs: 600_000 })).rejects.toThrow(
      'lost connection to http://till.test (fetch failed); gave up. Re-run the same command to resume',
    );
    expect(gone.requests()).toBeGreaterThan(5);
    expect(checkpoints.load()).toMatchObject({ rowsDone: 0 });
    const throttled = serverThat((receipts) => accepting(receipts, () => false));
    await expect(run(path, throttled.post, { patienceMs: 600_000 })).rejects.toThrow(
      'it accepts no receipts at the moment',
    );
  });
});
