/** What there is to see: the app shows one screen at a time, and a screen carries all that it needs. */
import type { Model } from '../model.ts';

export type Screen =
  | { readonly kind: 'starting' }
  | { readonly kind: 'unreachable'; readonly detail: string; readonly retry: () => void }
  | {
      readonly kind: 'signed out';
      readonly isSecure: boolean;
      readonly go: () => void;
      readonly problem?: string;
    }
  | {
      readonly kind: 'day';
      readonly model: Model;
      readonly apiUrl: string;
      readonly signInAgain: () => void;
      readonly signOut: () => void;
      readonly personName?: string;
    };
