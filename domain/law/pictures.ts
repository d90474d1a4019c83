/** Which sensors' pictures may be looked at for faces in the cloud. */
import type { Sensor } from '../place/visits/sensor.ts';
import type { Permissions } from './face-permissions.ts';

/** Returns whether pictures of a sensor may be examined: where the law asks for a lane, only of a sensor that has one. */
export const mayExamine = ({ face, pictures }: Permissions, { lane }: Pick<Sensor, 'lane'>): boolean =>
  face !== 'off' && (pictures === 'floor' || (pictures === 'lane' && lane === 'opt-in'));
