/** `aisle sensors …`: the sensors of a store and the zones in their pictures. */
import { resolve } from 'node:path';
import * as v from 'valibot';
import { fieldErrorsOf } from '#contracts/http/problems.ts';
import { SensorsFile } from '#contracts/http/sensors.ts';
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import {
  countingSensorsOf,
  SAMPLE_GAP_MS_DEFAULT,
  SENSOR_KINDS,
  SENSOR_LANES,
  type Sensor,
} from '#domain/place/visits/sensor.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud, readJson, requireStore } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError } from '../command.ts';
import { firstErrors } from '../input/csv-table.ts';

/** Returns the sensors of a file. Throws a UserError that lists its errors with their JSON pointers. */
function readSensors(path: string, storeId: StoreId): Sensor[] {
  const parsed = v.safeParse(SensorsFile, readJson(path));
  if (parsed.success) {
    return parsed.output.map(({ sensor, kind, zones, sampleGapMsMax, counts, trackMsMin, size, lane }) => ({
      sensorId: sensor,
      storeId,
      kind,
      zones: zones.map(({ id, polygon }) => ({ zoneId: id, polygon })),
      sampleGapMsMax,
      ...(lane === undefined ? {} : { lane }),
      counts: { isCounting: counts, leastMs: trackMsMin },
      ...(size === undefined ? {} : { drawnFor: { width: size[0], height: size[1] } }),
    }));
  }
  const errors = fieldErrorsOf(parsed.issues).map(({ pointer, detail }) => `${pointer} ${detail}`);
  throw new UserError(`${path} is not a valid sensors file:\n  ${firstErrors(errors)}`);
}

export const sensorsSet: Command = {
  name: 'sensors set',
  summary: "add or change a store's sensors",
  help: `Usage: aisle sensors set sensors.json --store sz01

A JSON list of sensors. Nothing is written unless the whole file is valid. An existing sensor is
replaced, including its zones; sensors that are not in the file are not changed.

  [{ "sensor": "ceiling-1", "kind": "tracker", "sampleGapMsMax": 1000,
     "zones": [{ "id": "window", "polygon": [[0, 0], [300, 0], [300, 200], [0, 200]] }] }]

  sensor          letters, digits, . _ -  (the id that the sensor sends)
  kind            ${SENSOR_KINDS.join(', ')}
  zones           polygons of [x, y] in the sensor's own picture or floor plan: pixels, centimetres. A
                  zone covered by several sensors has the same id at each; overlapping presence counts once
  sampleGapMsMax  longest gap between two positions of a track that counts as presence, in
                  milliseconds; default: ${SAMPLE_GAP_MS_DEFAULT}
  lane            ${SENSOR_LANES.join(', ')}: the sensor sees nothing but a lane or a counter for people who agreed to
                  their faces being compared. Most laws permit pictures of such a sensor only
  counts          false for a camera or tracker that only gives zones, because another one at the door
                  counts the same visitors; default: true
  trackMsMin      a stay shorter than this counts as no visitor, in milliseconds; default: 0
  size            [width, height] of the picture in which a camera's zones are drawn; frames of another
                  size are scaled. Without it zones are in pixels of the frames that the camera sends

Takes effect within a minute.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { store: { type: 'string' }, ...CLOUD_OPTIONS }, 1);
    const path = resolve(terminal.cwd, required(positionals[0], 'the JSON file'));
    const cloud = openCloud(values, terminal);
    const { storeId } = await requireStore(cloud, required(values.store, '--store'));
    const sensors = readSensors(path, storeId);
    for (const sensor of sensors) await cloud.sensors().put(sensor);
    terminal.out(`Saved ${sensors.length} sensors of ${storeId}.\n`);
    for (const warning of warningsOf(await cloud.sensors().list(storeId)))
      terminal.out(`Warning: ${warning}\n`);
    return EXIT.ok;
  },
};

/** Returns what a store's sensors would count wrongly, as sentences. */
function warningsOf(sensors: readonly Sensor[]): string[] {
  const counting = countingSensorsOf(sensors).map(({ sensorId }) => sensorId);
  const double =
    counting.length < 2
      ? []
      : [
          `${counting.join(' and ')} both count visitors: a visitor seen by two of them counts twice. Set "counts": false for all but the one at the door.`,
        ];
  const unsized = sensors.filter(
    ({ kind, zones, drawnFor }) => kind === 'camera' && zones.length > 0 && drawnFor === undefined,
  );
  return [
    ...double,
    ...unsized.map(
      ({ sensorId }) =>
        `${sensorId} does not say for which picture its zones are drawn: a frame of another size puts people into other zones. Add "size": [width, height].`,
    ),
  ];
}

export const sensorsList: Command = {
  name: 'sensors list',
  summary: "list a store's sensors and their zones",
  help: `Usage: aisle sensors list --store sz01 [--json]

  --json    print the format that "sensors set" reads

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      json: { type: 'boolean' },
      ...CLOUD_OPTIONS,
    });
    const cloud = openCloud(values, terminal);
    const { storeId } = await requireStore(cloud, required(values.store, '--store'));
    const sensors = await cloud.sensors().list(storeId);
    if (values.json) {
      terminal.out(`${JSON.stringify(sensors.map(toFileEntry), undefined, 2)}\n`);
      return EXIT.ok;
    }
    const rows = sensors.map((sensor) => [
      sensor.sensorId,
      sensor.kind,
      String(sensor.sampleGapMsMax),
      countsText(sensor),
      sensor.zones.map(({ zoneId }) => zoneId).join(' '),
      sensor.lane ?? '',
    ]);
    terminal.out(`${table(['sensor', 'kind', 'gap ms', 'counts', 'zones', 'lane'], rows)}\n`);
    return EXIT.ok;
  },
};

/** Returns how a sensor counts visitors, for the list. */
function countsText({ kind, counts }: Sensor): string {
  if (kind === 'door') return 'doors';
  if (!counts.isCounting) return 'zones only';
  return counts.leastMs === 0 ? 'visitors' : `from ${counts.leastMs} ms`;
}

/** Returns a sensor in the format of the sensors file. */
const toFileEntry = ({ sensorId, kind, sampleGapMsMax, zones, counts, drawnFor, lane }: Sensor) => ({
  sensor: sensorId,
  kind,
  sampleGapMsMax,
  ...(counts.isCounting ? {} : { counts: false }),
  ...(counts.leastMs === 0 ? {} : { trackMsMin: counts.leastMs }),
  ...(drawnFor === undefined ? {} : { size: [drawnFor.width, drawnFor.height] }),
  zones: zones.map(({ zoneId, polygon }) => ({ id: zoneId, polygon: polygon.map(({ x, y }) => [x, y]) })),
  ...(lane === undefined ? {} : { lane }),
});

export const sensorsRemove: Command = {
  name: 'sensors remove',
  summary: "remove one of a store's sensors",
  help: `Usage: aisle sensors remove --store sz01 --sensor ceiling-1

Data that it sends from then on is refused. Data counted so far is kept. Its key stays valid; see:
aisle keys revoke --help

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      sensor: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const sensorId = required(values.sensor, '--sensor') as SensorId;
    const cloud = openCloud(values, terminal);
    const { storeId } = await requireStore(cloud, required(values.store, '--store'));
    if (!(await cloud.sensors().remove(storeId, sensorId))) {
      throw new UserError(`${storeId} has no sensor ${sensorId}; see: aisle sensors list --store ${storeId}`);
    }
    terminal.out(`Removed sensor ${sensorId} of ${storeId}.\n`);
    return EXIT.ok;
  },
};
