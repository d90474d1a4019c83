/** Things to close, in the reverse of the order they were opened in, each once. */
export interface Closing {
  add(close: () => unknown): void;
  /** Waits for something that can be closed, and sees to it that it will be. */
  opened<T extends { close(): unknown }>(opening: Promise<T>): Promise<T>;
  /** Closes everything, even where one close fails; then throws the first failure. */
  run(): Promise<void>;
}

export function createClosing(): Closing {
  const closers: (() => unknown)[] = [];
  return {
    add(close) {
      closers.push(close);
    },
    async opened(opening) {
      const open = await opening;
      closers.push(() => open.close());
      return open;
    },
    async run() {
      const failures: unknown[] = [];
      for (let close = closers.pop(); close; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
