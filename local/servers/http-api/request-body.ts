/**
 * The request's body. API Gateway accepts 10 MB and passes it to a function as text or as base64, depending on the
 * content type. Text that is not UTF-8 reaches the function with U+FFFD for the invalid bytes, which are lost: a
 * till must send UTF-8, or send its bytes as binary.
 */
import type { IncomingMessage } from 'node:http';

export const BODY_BYTES_MAX = 10 * 1024 * 1024;
/** A client that has not sent its body by then holds a connection and sends no receipt. */
export const BODY_MS_MAX = 30_000;

export type ReadBody =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' | 'too-slow' | 'disconnected' };

/** Reads a body up to the cap and no further: a larger one is rejected when its length is announced or reached. */
export function readBody(message: IncomingMessage, bytesMax: number, msMax: number): Promise<ReadBody> {
  if (Number(message.headers['content-length'] ?? 0) > bytesMax)
    return Promise.resolve({ kind: 'too-large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => done({ kind: 'too-slow' }), msMax);
    const done = (outcome: ReadBody) => {
      clearTimeout(timer);
      message.off('data', onData).off('end', onEnd).off('close', onClose).pause();
      resolve(outcome);
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) done({ kind: 'too-large' });
      else chunks.push(chunk);
    };
    const onEnd = () => done({ kind: 'read', bytes: Buffer.concat(chunks) });
    const onClose = () => done({ kind: 'disconnected' });
    message.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

export interface EventBody {
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** Returns the body's members of the event; an empty body is left out. */
export function encodeBody(bytes: Buffer, contentType: string | undefined): EventBody {
  if (bytes.length === 0) return { isBase64Encoded: false };
  if (isText(contentType)) return { body: bytes.toString('utf8'), isBase64Encoded: false };
  return { body: bytes.toString('base64'), isBase64Encoded: true };
}

const TEXT_TYPES = /^(text\/.*|application\/(json|xml|javascript|[^;]*\+json|[^;]*\+xml))$/;

/** Returns whether the content is text, as a body without a content type is. */
function isText(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  return !type || TEXT_TYPES.test(type);
}
