/**
 * Answering before the body was read. Closing at once would reset the connection under a client that is still
 * sending, and it would never see the answer; reading on without end would be the attack itself. So what still
 * comes is thrown away for a while, and then the connection is cut.
 */
import type { IncomingMessage } from 'node:http';

const LINGER_MS_MAX = 2_000;
const LINGER_BYTES_MAX = 16 * 1024 * 1024;

export function linger(message: IncomingMessage): void {
  let bytes = 0;
  const cut = () => message.socket.destroy();
  const timer = setTimeout(cut, LINGER_MS_MAX);
  timer.unref();
  message.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES_MAX) cut();
  });
  message.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
  message.resume();
}
