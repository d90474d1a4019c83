/** The screens of the app, each with the data and actions that it renders. */
import type { Model } from '../model.ts';

export type Screen =
  | { readonly kind: 'starting' }
  | { readonly kind: 'unreachable'; readonly detail: string; readonly retry: () => void }
  | {
      readonly kind: 'signed out';
      readonly isSecure: boolean;
      readonly signIn: () => void;
      readonly problem?: string;
    }
  | {
      readonly kind: 'day';
      readonly model: Model;
      readonly apiUrl: string;
      readonly signInAgain: () => void;
      readonly signOut: () => void;
      readonly userName?: string;
    };
