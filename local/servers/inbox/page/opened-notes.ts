/** The ids of opened notes, in the browser's local storage. */

const STORAGE_KEY = 'aisle-inbox-opened';
const IDS_MAX = 500;

export interface OpenedNotes {
  has(messageId: string): boolean;
  /** Adds an id and stores the newest 500. */
  add(messageId: string): void;
  all(): readonly string[];
}

/** Returns the stored ids; none where the storage holds something else. */
export function loadOpenedNotes(): OpenedNotes {
  const ids = new Set(storedIds());
  return {
    has: (messageId) => ids.has(messageId),
    add(messageId) {
      ids.add(messageId);
      localStorage.setItem(STORAGE_KEY, JSON.stringify([...ids].slice(-IDS_MAX)));
    },
    all: () => [...ids],
  };
}

function storedIds(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
