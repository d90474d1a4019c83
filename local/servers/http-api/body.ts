/**
 * The request's body. API Gateway takes 10 MB and hands a function text or base64 depending on what the
 * client says the content is. Text that is not UTF-8 reaches the function with U+FFFD where the bytes made
 * no sense: what was sent is then lost, so a till's bytes must be UTF-8 or be sent as binary.
 */
import type { IncomingMessage } from 'node:http';

export const BODY_BYTES_MAX = 10 * 1024 * 1024;
/** A client that has not sent its body by then is holding a connection, not sending a receipt. */
export const BODY_MS_MAX = 30_000;

export type ReadBody =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'too large' }
  | { readonly kind: 'too slow' }
  | { readonly kind: 'gone' };

/** Reads up to the cap and not a byte further: a larger body is refused when its size is said or reached. */
export function readBody(message: IncomingMessage, bytesMax: number, msMax: number): Promise<ReadBody> {
  if (Number(message.headers['content-length'] ?? 0) > bytesMax)
    return Promise.resolve({ kind: 'too large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => done({ kind: 'too slow' }), msMax);
    const done = (outcome: ReadBody) => {
      clearTimeout(timer);
      message.off('data', onData).off('end', onEnd).off('close', onClose).pause();
      resolve(outcome);
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) done({ kind: 'too large' });
      else chunks.push(chunk);
    };
    const onEnd = () => done({ kind: 'read', bytes: Buffer.concat(chunks) });
    const onClose = () => done({ kind: 'gone' });
    message.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

export interface EventBody {
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** The body as the event carries it; an empty body is left out. */
export function encodeBody(bytes: Buffer, contentType: string | undefined): EventBody {
  if (bytes.length === 0) return { isBase64Encoded: false };
  if (isText(contentType)) return { body: bytes.toString('utf8'), isBase64Encoded: false };
  return { body: bytes.toString('base64'), isBase64Encoded: true };
}

const TEXT_TYPES = /^(text\/.*|application\/(json|xml|javascript|[^;]*\+json|[^;]*\+xml))$/;

/** A body nobody described is taken for text. */
function isText(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  return !type || TEXT_TYPES.test(type);
}
