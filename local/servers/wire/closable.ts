/** The end of a server's life, shared by all of them: `close()`, or `await using`. */
export interface Closable extends AsyncDisposable {
  /** Releases everything; a second call does nothing. */
  close(): Promise<void>;
}

export interface LocalServer extends Closable {
  readonly url: string;
}

/**
 * Returns `members` with a `close` that disposes of `resources` in the reverse order of their opening.
 *
 * Ownership moves: a stack that the caller holds by `await using` releases the resources only where an error
 * is thrown before this call, so a server that fails to start leaves nothing open.
 */
export function closable<Members extends object>(
  members: Members,
  resources: AsyncDisposableStack,
): Members & Closable {
  const owned = resources.move();
  const close = () => owned.disposeAsync();
  return { ...members, close, [Symbol.asyncDispose]: close };
}
