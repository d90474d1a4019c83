import { describe, expect, it } from 'vitest';
import { parseOptions } from '#local/main/options.ts';

describe('the options of npm start', () => {
  it('simulate a day and keep nothing unless told otherwise', () => {
    expect(parseOptions([], {})).toEqual({
      kind: 'start',
      options: { dataDir: undefined, port: undefined, simulates: true, isVerbose: false },
    });
  });

  it('may all be given', () => {
    expect(parseOptions(['--data', 'd', '--port', '0', '--no-sim', '--verbose'], {})).toEqual({
      kind: 'start',
      options: { dataDir: 'd', port: 0, simulates: false, isVerbose: true },
    });
  });

  it('take the port of the environment, and the flag before it', () => {
    expect(parseOptions([], { PORT: '5000' })).toMatchObject({ options: { port: 5000 } });
    expect(parseOptions(['--port', '1'], { PORT: '5000' })).toMatchObject({ options: { port: 1 } });
  });

  it.each([[['--port', 'x']], [['--port', '70000']], [['--fast']], [['extra']]])(
    'are refused: %s',
    (args) => {
      expect(parseOptions(args, {}).kind).toBe('mistaken');
    },
  );

  it('may ask for help', () => {
    expect(parseOptions(['-h'], {})).toEqual({ kind: 'help' });
  });
});
