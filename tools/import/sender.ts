/**
 * Posts batches over HTTPS until each of their receipts has a final response. Receipts that the API did not take are sent
 * again after its Retry-After, and an unreachable server is retried, both for at most the operator's --patience.
 */
import * as v from 'valibot';
import { type Problem, Problem as ProblemSchema } from '#contracts/http/problems.ts';
import { ReceiptsResponse } from '#contracts/http/receipts.ts';
import { UserError } from '../command.ts';
import type { Batch, PendingReceipt } from './batches.ts';
import type { Outcome } from './ledger.ts';

export interface SenderOptions {
  readonly url: string;
  /** Returns the key of a store. Throws a UserError where there is none. */
  readonly keyOf: (store: string) => Promise<string>;
  readonly post: typeof fetch;
  readonly wait: (ms: number) => Promise<void>;
  readonly nowMs: () => number;
  /** 0 … 1; spreads the retries of requests that were refused together. */
  readonly random: () => number;
  /** How long the server may be unreachable, or take no receipt, before the import gives up. */
  readonly patienceMs: number;
  readonly stop: AbortSignal;
  /** Called with the reason when the connection is lost, and with undefined when it is back. */
  readonly onConnection: (lostBecause: string | undefined) => void;
}

type OnOutcome = (receipt: PendingReceipt, outcome: Outcome) => void;

export interface Sender {
  /** Sends a batch, and calls `onOutcome` once per receipt. Returns early when stopped. */
  send(batch: Batch, onOutcome: OnOutcome): Promise<void>;
}

const BACKOFF_MS = 250;
const BACKOFF_MS_MAX = 15_000;
const RETRY_AFTER_SECONDS_MAX = 120;
const REQUEST_TIMEOUT_MS = 60_000;
const STATUS_TOO_LARGE = 413;

/** Whether a later try may succeed: too early, too many requests, timeouts and server errors. */
const isRetryable = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

type Attempt =
  | { readonly kind: 'answered'; readonly answer: ReceiptsResponse; readonly retryAfterMs: number }
  | { readonly kind: 'problem'; readonly status: number; readonly problem: Problem }
  | { readonly kind: 'unavailable'; readonly why: string; readonly retryAfterMs: number };

/**
 * Creates a sender. Its `send` throws a UserError where the server rejects the store's key, or stays unavailable for longer
 * than `patienceMs`.
 */
export function createSender(options: SenderOptions): Sender {
  const { url, random, wait, stop } = options;
  const connection = watchConnection(options);

  async function send(batch: Batch, onOutcome: OnOutcome): Promise<void> {
    let open = batch.receipts;
    for (let tries = 0; open.length > 0 && !stop.aborted; tries++) {
      const attempt = await postReceipts(options, batch.store, open);
      if (attempt.kind === 'problem') {
        connection.restored();
        return await refuseAll({ ...batch, receipts: open }, attempt, onOutcome);
      }
      const left = attempt.kind === 'answered' ? reportFinal(open, attempt.answer, onOutcome) : open;
      if (left.length === 0) return connection.restored();
      if (left.length < open.length) {
        connection.restored();
        tries = 0;
      } else {
        connection.lost(
          attempt.kind === 'unavailable' ? attempt.why : 'it accepts no receipts at the moment',
        );
      }
      open = left;
      const backoffMs =
        Math.min(BACKOFF_MS * 2 ** Math.min(tries, 16), BACKOFF_MS_MAX) * (0.5 + random() / 2);
      await wait(Math.max(attempt.retryAfterMs, backoffMs));
    }
  }

  /** Handles a problem of the whole request: halves a batch that is too large, refuses an invalid one, throws otherwise. */
  async function refuseAll(
    { store, receipts }: Batch,
    { status, problem }: Extract<Attempt, { kind: 'problem' }>,
    onOutcome: OnOutcome,
  ): Promise<void> {
    const detail = [problem.title, problem.detail].filter(Boolean).join(': ');
    if (status === STATUS_TOO_LARGE && receipts.length > 1) {
      const half = Math.ceil(receipts.length / 2);
      await send({ store, receipts: receipts.slice(0, half) }, onOutcome);
      return await send({ store, receipts: receipts.slice(half) }, onOutcome);
    }
    if (status === STATUS_TOO_LARGE || status === 400) {
      for (const receipt of receipts) onOutcome(receipt, { kind: 'refused', reason: detail });
      return;
    }
    throw new UserError(`store ${store}: ${url} responds with ${status} (${detail})`);
  }

  return { send };
}

/** Tracks, over all requests, since when the server has been unavailable. `lost` throws once that exceeds `patienceMs`. */
function watchConnection({ url, nowMs, patienceMs, onConnection }: SenderOptions) {
  let lostSinceMs: number | undefined;
  return {
    lost(why: string): void {
      if (lostSinceMs === undefined) {
        lostSinceMs = nowMs();
        onConnection(why);
      }
      if (nowMs() - lostSinceMs < patienceMs) return;
      throw new UserError(`lost connection to ${url} (${why}); gave up. Re-run the same command to resume`);
    },
    restored(): void {
      if (lostSinceMs === undefined) return;
      lostSinceMs = undefined;
      onConnection(undefined);
    },
  };
}

async function postReceipts(
  { url, keyOf, post }: SenderOptions,
  store: string,
  receipts: readonly PendingReceipt[],
): Promise<Attempt> {
  const key = await keyOf(store);
  try {
    const response = await post(new URL('/v1/receipts', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: `{"receipts":[${receipts.map(({ json }) => json).join(',')}]}`,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    return read(response, await response.text());
  } catch (error) {
    const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    return { kind: 'unavailable', why: cause?.code ?? message, retryAfterMs: 0 };
  }
}

function read(response: Response, text: string): Attempt {
  const retryAfterMs = retryAfterOf(response.headers.get('retry-after'));
  const json = jsonOf(text);
  const answer = v.safeParse(ReceiptsResponse, json);
  if (answer.success) return { kind: 'answered', answer: answer.output, retryAfterMs };
  if (isRetryable(response.status)) {
    return { kind: 'unavailable', why: `status ${response.status}`, retryAfterMs };
  }
  const problem = v.safeParse(ProblemSchema, json);
  return {
    kind: 'problem',
    status: response.status,
    problem: problem.success
      ? problem.output
      : { type: 'about:blank', title: text.slice(0, 200), status: response.status },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns the milliseconds of a Retry-After in seconds. A date is ignored: it would need synchronised clocks. */
function retryAfterOf(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), RETRY_AFTER_SECONDS_MAX) * 1_000 : 0;
}

/** Reports the receipts with a final outcome. Returns the others, which must be sent again. */
function reportFinal(
  receipts: readonly PendingReceipt[],
  answer: ReceiptsResponse,
  onOutcome: OnOutcome,
): PendingReceipt[] {
  const byIndex = new Map(answer.receipts.map((result) => [result.index, result]));
  return receipts.filter((receipt, index) => {
    const result = byIndex.get(index);
    if (result === undefined || result.status === 'not-accepted') return true;
    onOutcome(
      receipt,
      result.status === 'accepted'
        ? { kind: 'accepted', phonesDropped: result.warnings?.length ?? 0 }
        : { kind: 'refused', reason: reasonOf(result.problem) },
    );
    return false;
  });
}

const ERRORS_PRINTED_MAX = 5;

/** Returns the reason for the rejects file. Pointers lose `#/receipts/3`, which means nothing to a reader of the CSV. */
function reasonOf({ title, detail, errors = [] }: Problem): string {
  if (errors.length === 0) return detail ?? title;
  return errors
    .slice(0, ERRORS_PRINTED_MAX)
    .map((error) => `${error.pointer.replace(/^#\/receipts\/\d+\/?/, '')} ${error.detail}`.trim())
    .join('; ');
}
