/** `aisle sensors …`: what sees people in a store, and the zones that are drawn in what it sees. */
import { resolve } from 'node:path';
import * as v from 'valibot';
import { faultsOfIssues } from '#contracts/problems.ts';
import { SensorsFile } from '#contracts/sensors.ts';
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import { SAMPLE_GAP_MS_DEFAULT, SENSOR_KINDS, type Sensor } from '#domain/place/sensor.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, type Cloud, openCloud, readJson } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError } from '../command.ts';

const FAULTS_TOLD_MAX = 20;

/** The sensors of a file, or everything that is wrong with it. */
function readSensors(path: string, storeId: StoreId): Sensor[] {
  const parsed = v.safeParse(SensorsFile, readJson(path));
  if (parsed.success) {
    return parsed.output.map(({ sensor, kind, zones, sampleGapMsMax }) => ({
      sensorId: sensor,
      storeId,
      kind,
      zones: zones.map(({ id, polygon }) => ({ zoneId: id, polygon })),
      sampleGapMsMax,
    }));
  }
  const faults = faultsOfIssues(parsed.issues).map(({ pointer, detail }) => `${pointer} ${detail}`);
  const more = faults.length > FAULTS_TOLD_MAX ? `\n  and ${faults.length - FAULTS_TOLD_MAX} more` : '';
  throw new UserError(`${path} was not taken:\n  ${faults.slice(0, FAULTS_TOLD_MAX).join('\n  ')}${more}`);
}

async function requireStore(cloud: Cloud, store: string | undefined): Promise<StoreId> {
  const storeId = required(store, '--store') as StoreId;
  if ((await cloud.chain().store(storeId)) !== undefined) return storeId;
  throw new UserError(`there is no store ${storeId}; see: aisle stores list`);
}

export const sensorsSet: Command = {
  name: 'sensors set',
  summary: "add a store's sensors, or change them",
  help: `Usage: aisle sensors set sensors.json --store sz01

A JSON list of sensors. Nothing is written unless all of it is sound. A sensor that is there already
gets what the file says, zones included; sensors that are not in the file stay as they are.

  [{ "sensor": "ceiling-1", "kind": "tracker", "sampleGapMsMax": 1000,
     "zones": [{ "id": "window", "polygon": [[0, 0], [300, 0], [300, 200], [0, 200]] }] }]

  sensor          letters, digits, . _ -  (the name it sends)
  kind            ${SENSOR_KINDS.join(', ')}
  zones           polygons of [x, y] in the sensor's own picture or floor: pixels, centimetres. A zone
                  that several sensors see has the same id at each; what they see is joined, not added
  sampleGapMsMax  two positions of a track further apart say nothing of the time between them;
                  milliseconds, ${SAMPLE_GAP_MS_DEFAULT} where left out

Functions follow within a minute.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { store: { type: 'string' }, ...CLOUD_OPTIONS }, 1);
    const path = resolve(terminal.cwd, required(positionals[0], 'the JSON file'));
    const cloud = openCloud(values, terminal);
    const storeId = await requireStore(cloud, values.store);
    const sensors = readSensors(path, storeId);
    for (const sensor of sensors) await cloud.sensors().put(sensor);
    terminal.out(`${sensors.length} sensors of ${storeId} are kept.\n`);
    return EXIT.ok;
  },
};

export const sensorsList: Command = {
  name: 'sensors list',
  summary: "list a store's sensors and their zones",
  help: `Usage: aisle sensors list --store sz01 [--json]

  --json    as "sensors set" reads it

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      json: { type: 'boolean' },
      ...CLOUD_OPTIONS,
    });
    const cloud = openCloud(values, terminal);
    const sensors = await cloud.sensors().list(await requireStore(cloud, values.store));
    if (values.json) {
      terminal.out(`${JSON.stringify(sensors.map(written), undefined, 2)}\n`);
      return EXIT.ok;
    }
    const rows = sensors.map((sensor) => [
      sensor.sensorId,
      sensor.kind,
      String(sensor.sampleGapMsMax),
      sensor.zones.map(({ zoneId }) => zoneId).join(' '),
    ]);
    terminal.out(`${table(['sensor', 'kind', 'gap ms', 'zones'], rows)}\n`);
    return EXIT.ok;
  },
};

const written = ({ sensorId, kind, sampleGapMsMax, zones }: Sensor) => ({
  sensor: sensorId,
  kind,
  sampleGapMsMax,
  zones: zones.map(({ zoneId, polygon }) => ({ id: zoneId, polygon: polygon.map(({ x, y }) => [x, y]) })),
});

export const sensorsRemove: Command = {
  name: 'sensors remove',
  summary: 'take a sensor out of a store',
  help: `Usage: aisle sensors remove --store sz01 --sensor ceiling-1

What it sends from then on is refused. What it has seen stays counted. Its key is another matter: see
aisle keys revoke.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      sensor: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const sensorId = required(values.sensor, '--sensor') as SensorId;
    const cloud = openCloud(values, terminal);
    const storeId = await requireStore(cloud, values.store);
    if (!(await cloud.sensors().remove(storeId, sensorId))) {
      throw new UserError(`${storeId} has no sensor ${sensorId}; see: aisle sensors list --store ${storeId}`);
    }
    terminal.out(`${sensorId} is no longer a sensor of ${storeId}.\n`);
    return EXIT.ok;
  },
};
