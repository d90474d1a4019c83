/**
 * Drains a request that was answered before its body was read.
 *
 * Closing at once would reset the connection while the client still sends, and it would never read the
 * response; reading without end would be the attack itself. So the rest is discarded, up to a limit of time and
 * bytes, and then the connection is cut. nginx has the same as `lingering_close`.
 */
import type { IncomingMessage } from 'node:http';

const DRAIN_MS_MAX = 2_000;
const DRAIN_BYTES_MAX = 16 * 1024 * 1024;

/** Discards the rest of the body in the background, and cuts the connection at the limits. */
export function drainRequest(message: IncomingMessage): void {
  let bytes = 0;
  const cut = () => message.socket.destroy();
  const timer = setTimeout(cut, DRAIN_MS_MAX);
  timer.unref();
  message.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DRAIN_BYTES_MAX) cut();
  });
  message.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
  message.resume();
}
