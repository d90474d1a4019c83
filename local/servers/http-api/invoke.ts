/** How the gateway reaches functions: by name, an event in, an outcome out. */
import type { Invocation } from '../../lambda/invocation.ts';

export type Invoke = (functionName: string, event: unknown) => Promise<Invocation>;
