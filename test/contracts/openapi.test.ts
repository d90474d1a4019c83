/** The description of the API says what the service does, all of it, and its examples work. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { FiguresQuery, RankingQuery } from '#contracts/figures.ts';
import { FrameQuery } from '#contracts/frames.ts';
import { EXAMPLES, type Example } from '#contracts/openapi/examples.ts';
import { CONTRACTS, type JsonSchema } from '#contracts/openapi/schemas.ts';
import { METHODS, type MediaType, type Operation, openApiDocument } from '#contracts/openapi.ts';
import { PositionBody } from '#contracts/phones.ts';
import { ReceiptBody } from '#contracts/receipts.ts';
import { SightingBody } from '#contracts/sightings.ts';
import { HeatmapQuery, VisitsQuery } from '#contracts/visits.ts';
import { isForeignId, isPlaceId } from '#domain/chain/ids.ts';
import { parseAmount } from '#domain/chain/money.ts';

const document = openApiDocument();
const { schemas, securitySchemes } = document.components;

/** Every operation with its route: `GET /v1/figures`. */
const operations = Object.entries(document.paths).flatMap(([path, ofPath]) =>
  METHODS.flatMap((method) => {
    const operation = ofPath[method];
    return operation === undefined ? [] : [[`${method.toUpperCase()} ${path}`, operation] as const];
  }),
);

const component = (name: string): JsonSchema => {
  const schema = schemas[name];
  if (schema === undefined) throw new Error(`no component ${name}`);
  return schema;
};

const field = (name: string, property: string): JsonSchema => component(name).properties?.[property] ?? {};

/** Every value in the document, with the path at which it stands. */
function* walk(value: unknown, path: readonly string[] = []): Generator<[readonly string[], unknown]> {
  yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* walk(inner, [...path, key]);
}

interface Looked {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Looked>>;
  readonly wrapped?: Looked;
  readonly item?: Looked;
  readonly value?: Looked;
  readonly options?: readonly unknown[];
}

/** The names of all fields of a valibot schema, at any depth, found without the converter. */
function fieldNames(schema: Looked, seen = new Set<Looked>()): string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const variants = schema.type === 'variant' || schema.type === 'union' ? (schema.options ?? []) : [];
  return [
    ...Object.entries(schema.entries ?? {}).flatMap(([name, entry]) => [name, ...fieldNames(entry, seen)]),
    ...[schema.wrapped, schema.item, schema.value, ...(variants as Looked[])].flatMap((inner) =>
      inner === undefined ? [] : fieldNames(inner, seen),
    ),
  ];
}

/** The names of all fields of a JSON Schema, at any depth, through its references. */
function jsonFieldNames(schema: JsonSchema, seen = new Set<JsonSchema>()): string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  if (schema.$ref !== undefined) return jsonFieldNames(component(schema.$ref.split('/').at(-1) ?? ''), seen);
  const { properties = {}, items, additionalProperties, anyOf = [], oneOf = [] } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, inner]) => [name, ...jsonFieldNames(inner, seen)]),
    ...[items, additionalProperties, ...anyOf, ...oneOf].flatMap((inner) =>
      typeof inner === 'object' ? jsonFieldNames(inner, seen) : [],
    ),
  ];
}

/** What tills, phones and the app server send: their makers read nothing but the description. */
const SENT = [
  ...['Receipts', 'Receipt', 'ReceiptLine', 'Payment'],
  ...['Phone', 'Consents', 'Consent', 'Positions', 'Position'],
];

describe('the description of the API', () => {
  it.each(Object.entries(CONTRACTS))('holds every field of %s', (name, contract) => {
    const found = new Set(jsonFieldNames(component(name)));
    const expected = fieldNames(contract as unknown as Looked);
    expect(expected).not.toEqual([]);
    expect(expected.filter((field) => !found.has(field))).toEqual([]);
  });

  it.each([
    ['/v1/figures', FiguresQuery],
    ['/v1/products/top', RankingQuery],
    ['/v1/visits', VisitsQuery],
    ['/v1/heatmap', HeatmapQuery],
    ['/v1/frames', FrameQuery],
  ])('holds every parameter of %s', (path, query) => {
    const { get, post } = document.paths[path] ?? {};
    const parameters = (get ?? post)?.parameters ?? [];
    expect(parameters.map(({ name }) => name)).toEqual(Object.keys(query.entries));
    for (const { name, required } of parameters) {
      const entries: Readonly<Record<string, Looked>> = query.entries;
      const isOptional = entries[name]?.type === 'optional';
      expect(required, name).toBe(!isOptional);
    }
  });

  it('gives parameters whose examples are taken', () => {
    for (const [path, schema] of [
      ['/v1/figures', FiguresQuery],
      ['/v1/products/top', RankingQuery],
      ['/v1/visits', VisitsQuery],
      ['/v1/heatmap', HeatmapQuery],
      ['/v1/frames', FrameQuery],
    ] as const) {
      const { get, post } = document.paths[path] ?? {};
      const parameters = (get ?? post)?.parameters ?? [];
      const query = Object.fromEntries(parameters.map(({ name, example }) => [name, String(example)]));
      expect(v.safeParse(schema, query).issues).toBeUndefined();
    }
  });

  it('says which fields a till may leave out', () => {
    const optional = Object.entries(ReceiptBody.entries)
      .filter(([, entry]) => entry.type === 'optional')
      .map(([name]) => name);
    const { properties = {}, required = [] } = component('Receipt');
    expect(Object.keys(properties).filter((name) => !required.includes(name))).toEqual(optional);
  });

  it('describes every field of what tills, phones and the app server send', () => {
    for (const name of SENT) {
      for (const [property, schema] of Object.entries(component(name).properties ?? {})) {
        expect(schema.description, `${name}.${property}`).toMatch(/\S/);
      }
      expect(component(name).additionalProperties, name).toBe(false);
    }
  });

  it('leaves no field without a type', () => {
    const untyped = [...walk(schemas)].filter(([path, value]) => {
      if (path.at(-2) !== 'properties') return false;
      const schema = value as JsonSchema;
      const isSaid =
        schema.type ?? schema.$ref ?? schema.anyOf ?? schema.oneOf ?? schema.const ?? schema.enum;
      return isSaid === undefined;
    });
    expect(untyped).toEqual([]);
  });

  it('follows OpenAPI 3.1 where it can be held to it', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info.title).toMatch(/\S/);
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, operation] of operations) {
      expect(path).toMatch(/^[A-Z]+ \//);
      const inPath = (operation.parameters ?? []).filter((one) => one.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every(({ required }) => required)).toBe(true);
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^[1-5]\d\d$/);
        expect(response.description, `${path} ${status}`).toMatch(/\S/);
        for (const type of Object.keys(response.content ?? {})) expect(type).toMatch(/^[a-z]+\/[a-z+]+$/);
      }
      for (const scheme of operation.security.flatMap(Object.keys))
        expect(securitySchemes).toHaveProperty(scheme);
      for (const tag of operation.tags) expect(document.tags.map(({ name }) => name)).toContain(tag);
    }
    for (const name of Object.keys(schemas)) expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
  });

  it('refers to nothing that is not there', () => {
    const refs = [...walk(document)].filter(([path]) => path.at(-1) === '$ref').map(([, ref]) => String(ref));
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of refs) {
      expect(ref).toMatch(/^#\/components\/schemas\//);
      expect(schemas).toHaveProperty([ref.split('/').at(-1) ?? '']);
    }
  });

  it('is JSON as it stands: nothing is lost on the way out', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('names every status that each route answers with', () => {
    const statuses = Object.fromEntries(
      operations.map(([path, { responses }]) => [path, Object.keys(responses).map(Number)]),
    );
    expect(statuses).toEqual({
      'POST /v1/receipts': [202, 207, 400, 401, 403, 409, 413, 415, 429, 500],
      'GET /v1/figures': [200, 400, 401, 403, 404, 429, 500],
      'GET /v1/products/top': [200, 400, 401, 403, 404, 429, 500],
      'GET /v1/stores': [200, 401, 429, 500],
      'POST /v1/sightings': [202, 207, 400, 401, 403, 409, 413, 415, 429, 500],
      'POST /v1/frames': [202, 400, 401, 403, 409, 413, 415, 422, 429, 500],
      'GET /v1/visits': [200, 400, 401, 403, 404, 429, 500],
      'GET /v1/visits/{id}': [200, 401, 403, 404, 429, 500],
      'GET /v1/heatmap': [200, 400, 401, 403, 404, 429, 500],
      'POST /v1/phones': [201, 400, 401, 403, 409, 413, 415, 422, 429, 500],
      'POST /v1/consents': [204, 400, 401, 403, 413, 415, 429, 500],
      'POST /v1/positions': [202, 207, 400, 401, 403, 413, 415, 429, 500],
      'POST /v1/pushes/{push}/open': [204, 401, 403, 404, 429, 500],
      'GET /c/{token}': [200, 302, 404, 429, 500],
      'GET /v1/people/{id}': [200, 400, 401, 403, 404, 429, 500],
      'POST /v1/people/search': [200, 400, 401, 403, 404, 413, 415, 429, 500],
    });
    expect(document.paths['/v1/receipts']?.post?.responses['429']?.headers).toHaveProperty('Retry-After');
  });

  it('wants a key for what devices post and a sign-in for what people read', () => {
    const needed = Object.fromEntries(operations.map(([path, { security }]) => [path, security]));
    expect(needed).toEqual({
      'POST /v1/receipts': [{ deviceKey: [] }],
      'GET /v1/figures': [{ staff: [] }],
      'GET /v1/products/top': [{ staff: [] }],
      'GET /v1/stores': [{ staff: [] }],
      'POST /v1/sightings': [{ deviceKey: [] }],
      'POST /v1/frames': [{ deviceKey: [] }],
      'GET /v1/visits': [{ staff: [] }],
      'GET /v1/visits/{id}': [{ staff: [] }],
      'GET /v1/heatmap': [{ staff: [] }],
      'POST /v1/phones': [{ appKey: [] }],
      'POST /v1/consents': [{ phoneKey: [] }],
      'POST /v1/positions': [{ phoneKey: [] }],
      'POST /v1/pushes/{push}/open': [{ phoneKey: [] }],
      'GET /c/{token}': [],
      'GET /v1/people/{id}': [{ staff: [] }],
      'POST /v1/people/search': [{ staff: [] }],
    });
  });

  it('answers at the address it is given', () => {
    expect(openApiDocument('https://api.example.com').servers).toEqual([{ url: 'https://api.example.com' }]);
  });
});

describe('an example', () => {
  it.each(Object.entries(EXAMPLES))('keeps its contract: %s', (_, { contract, value }: Example) => {
    expect(v.safeParse(CONTRACTS[contract], value).issues).toBeUndefined();
  });

  it('of receipts holds receipts that are taken', () => {
    for (const receipt of EXAMPLES.sale.value.receipts) {
      expect(v.safeParse(ReceiptBody, receipt).issues).toBeUndefined();
    }
  });

  it('of positions holds positions that are taken', () => {
    for (const position of EXAMPLES.positions.value.positions) {
      expect(v.safeParse(PositionBody, position).issues).toBeUndefined();
    }
  });

  it('of sightings holds sightings that are taken', () => {
    for (const sighting of EXAMPLES.sightings.value.sightings) {
      expect(v.safeParse(SightingBody, sighting).issues).toBeUndefined();
    }
  });

  it('stands where its contract is asked for', () => {
    const names = new Set<string>();
    const check = ({ schema, examples = {} }: MediaType) => {
      const allowed = JSON.stringify(schema);
      for (const name of Object.keys(examples).filter((one) => one !== 'gateway')) {
        names.add(name);
        expect(allowed).toContain(`/${EXAMPLES[name as keyof typeof EXAMPLES].contract}"`);
      }
    };
    const mediaOf = ({ requestBody, responses }: Operation) =>
      [requestBody, ...Object.values(responses)].flatMap((one) => Object.values(one?.content ?? {}));
    for (const [, operation] of operations) for (const one of mediaOf(operation)) check(one);
    expect(names).toEqual(new Set(Object.keys(EXAMPLES)));
  });
});

/** What the pattern of a field takes, as a JSON Schema checker would read it. */
const taken = (schema: JsonSchema, text: string): boolean => {
  const { pattern = '', minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  const length = [...text].length;
  return new RegExp(pattern, 'u').test(text) && length >= minLength && length <= maxLength;
};

describe('a pattern in the description', () => {
  it('takes every id that the service takes', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 70 }), fc.string({ maxLength: 70 }));
    fc.assert(
      fc.property(text, (id) => {
        if (isForeignId(id)) expect(taken(field('ReceiptLine', 'product'), id)).toBe(true);
        if (isPlaceId(id)) expect(taken(field('Receipt', 'store'), id)).toBe(true);
      }),
    );
  });

  it('refuses what is plainly no id', () => {
    for (const id of ['', ' A', 'A ', 'A#1', 'x'.repeat(65)]) {
      expect(isForeignId(id)).toBe(false);
      expect(taken(field('Receipt', 'till'), id), id).toBe(false);
    }
  });

  it('takes the very amounts that the service takes', () => {
    const digits = fc.stringMatching(/^-?\d{0,14}(\.\d{0,6})?$/);
    const [, text] = field('Payment', 'amount').anyOf ?? [];
    const [, fromZero] = field('ReceiptLine', 'unitPrice').anyOf ?? [];
    fc.assert(
      fc.property(digits, (amount) => {
        const parsed = parseAmount(amount);
        expect(taken(text ?? {}, amount)).toBe(parsed !== undefined);
        // A zero with a minus sign is nothing that a till maker has to be told of.
        fc.pre(!(parsed === 0n && amount.startsWith('-')));
        expect(taken(fromZero ?? {}, amount)).toBe(parsed !== undefined && parsed >= 0n);
      }),
    );
  });
});
