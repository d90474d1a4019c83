/**
 * What the law lets a shop do with faces and pushes, as data: one pack per jurisdiction.
 *
 * A pack is the careful reading of public texts by engineers. Where a question is open, or states of one country differ, it
 * permits what the strictest of the states that it covers permits. It is no legal advice, and no lawyer has read it yet:
 * `aisle law page` prints each pack for that purpose.
 */
import type { Jurisdiction } from '../chain/law-settings.ts';
import type { Pack } from './pack.ts';
import { CN } from './packs/cn.ts';
import { DEMO } from './packs/demo.ts';
import { EU } from './packs/eu.ts';
import { NZ } from './packs/nz.ts';
import { UK } from './packs/uk.ts';
import { US } from './packs/us.ts';
import { US_CO } from './packs/us-co.ts';
import { US_IL } from './packs/us-il.ts';
import { US_MD } from './packs/us-md.ts';
import { US_OR_PDX } from './packs/us-or-pdx.ts';
import { US_TX } from './packs/us-tx.ts';

export const PACKS: Readonly<Record<Jurisdiction, Pack>> = {
  CN,
  EU,
  UK,
  NZ,
  US,
  'US-CO': US_CO,
  'US-IL': US_IL,
  'US-MD': US_MD,
  'US-OR-PDX': US_OR_PDX,
  'US-TX': US_TX,
  demo: DEMO,
};
