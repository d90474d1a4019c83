import { describe, expect, it } from 'vitest';
import type { CloudLog } from '#local/cloud.ts';
import { createScreen } from '#local/main/screen.ts';

function shown(line: CloudLog, isVerbose = false): string[] {
  const written: string[] = [];
  createScreen((text) => written.push(text.replace(/^ {2}\d\d:\d\d:\d\d {2}/, '')), isVerbose).log(line);
  return written;
}
const printed = (text: unknown): CloudLog => ({
  source: 'function',
  name: 'fold-store',
  text: typeof text === 'string' ? text : JSON.stringify(text),
});

describe('the screen', () => {
  it('shows warnings and errors of a function', () => {
    const text = { level: 'ERROR', message: 'cannot fold', error: { message: 'no table' } };
    expect(shown(printed(text))).toEqual(['fold-store        ERROR cannot fold: no table']);
  });

  it('shows lines printed without the logger', () => {
    expect(shown(printed('Segmentation fault\n'))).toEqual(['fold-store        Segmentation fault']);
  });

  it.each([
    { level: 'INFO', message: 'x' },
    { _aws: {}, ReceiptsCounted: 1 },
  ])('omits %j', (text) => {
    expect(shown(printed(text))).toEqual([]);
  });

  it('shows requests that failed on the server, and no others', () => {
    const access = (status: string): CloudLog => ({
      source: 'access',
      name: 'Api',
      text: JSON.stringify({ route: 'GET /x', status }),
    });
    expect(shown(access('200'))).toEqual([]);
    expect(shown(access('401'))).toEqual([]);
    expect(shown(access('503'))).toEqual(['Api               GET /x responded with 503']);
  });

  it('shows everything in verbose mode', () => {
    expect(shown(printed({ level: 'INFO', message: 'x' }), true)).toHaveLength(1);
  });
});
