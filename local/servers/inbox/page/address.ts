/**
 * The page's fragment: `/inbox#phone=<id or push token>&key=aisle_…`. Browsers do not send it to the server,
 * so the phone's device key may be passed in it.
 */

export interface Address {
  readonly phone: string | undefined;
  /** The phone's device key, with which a tap is reported to the product as the app would report it. */
  readonly key: string | undefined;
}

/**
 * Returns the phone and the key of the fragment, and removes the key from it, where bystanders could read it.
 */
export function takeAddress(): Address {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const phone = parameters.get('phone') ?? undefined;
  const key = parameters.get('key') ?? undefined;
  if (key !== undefined) {
    parameters.delete('key');
    history.replaceState(null, '', `#${parameters}`);
  }
  return { phone, key };
}

/** Puts the phone into the fragment, so that a reload shows the same one. */
export function putAddress(phone: string): void {
  history.replaceState(null, '', `#${new URLSearchParams({ phone })}`);
}
