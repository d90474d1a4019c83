import { describe, expect, it } from 'vitest';
import { parseOptions } from '#local/main/options.ts';

describe('the options of npm start', () => {
  it('default to a simulated day and to state in memory', () => {
    expect(parseOptions([], {})).toEqual({
      kind: 'start',
      options: { dataDir: undefined, port: undefined, simulates: true, isVerbose: false },
    });
  });

  it('may all be set', () => {
    expect(parseOptions(['--data', 'd', '--port', '0', '--no-sim', '--verbose'], {})).toEqual({
      kind: 'start',
      options: { dataDir: 'd', port: 0, simulates: false, isVerbose: true },
    });
  });

  it('take the port of the environment, which the flag overrides', () => {
    expect(parseOptions([], { PORT: '5000' })).toMatchObject({ options: { port: 5000 } });
    expect(parseOptions(['--port', '1'], { PORT: '5000' })).toMatchObject({ options: { port: 1 } });
  });

  it.each([[['--port', 'x']], [['--port', '70000']], [['--fast']], [['extra']]])(
    'are rejected: %s',
    (args) => {
      expect(parseOptions(args, {}).kind).toBe('invalid');
    },
  );

  it('may request help', () => {
    expect(parseOptions(['-h'], {})).toEqual({ kind: 'help' });
  });
});
