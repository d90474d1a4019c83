/** Describes a JSON Schema in words: the type of a field and its limits. */
import type { JsonSchema } from '#contracts/openapi/schemas.ts';

export interface TypeWords {
  readonly text: string;
  /** The component of the type, or of its items. */
  readonly component?: string;
}

const COMPONENT = /^#\/components\/schemas\/(.+)$/;

const componentOf = ({ $ref }: JsonSchema): string | undefined => COMPONENT.exec($ref ?? '')?.[1];

const NAMES: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'object',
  array: 'list',
  null: 'null',
};

/** Formats are clearer than their patterns. */
const FORMATS: Readonly<Record<string, string>> = {
  date: 'day, YYYY-MM-DD',
  'date-time': 'time with its zone, RFC 3339',
};

/** Returns the type of a schema in words. */
export function typeWords(schema: JsonSchema): TypeWords {
  const component = componentOf(schema);
  if (component !== undefined) return { text: component, component };
  if (schema.const !== undefined) return { text: JSON.stringify(schema.const) };
  if (schema.enum !== undefined) return { text: schema.enum.map((one) => JSON.stringify(one)).join(' or ') };
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    const words = choices.map(typeWords);
    const named = words.find((one) => one.component !== undefined)?.component;
    return {
      text: [...new Set(words.map(({ text }) => text))].join(' or '),
      ...(named === undefined ? {} : { component: named }),
    };
  }
  if (schema.type === 'array' && schema.items !== undefined) {
    const item = typeWords(schema.items);
    return { ...item, text: `list of ${item.text}` };
  }
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    const value = typeWords(schema.additionalProperties);
    return { ...value, text: `object of ${value.text} by name` };
  }
  const format = FORMATS[schema.format ?? ''];
  if (format !== undefined) return { text: format };
  return { text: NAMES[schema.type ?? ''] ?? 'anything' };
}

/** Words for patterns that few readers parse. */
const PATTERN_WORDS: Readonly<Record<string, string>> = {
  '^[^\\p{Cc}\\p{Cs}\\uFFFD]*$': 'no control characters',
  '^[\\x21-\\x7e]+$': 'letters, digits and signs of ASCII, without spaces',
};

/** Returns the limits of a value, each in a few words. */
export function limitWords(schema: JsonSchema): string[] {
  const range = (low: number | undefined, high: number | undefined, unit: string): string[] => {
    if (low !== undefined && high !== undefined) return [`${low} to ${high}${unit}`];
    if (high !== undefined) return [`at most ${high}${unit}`];
    return low === undefined ? [] : [`at least ${low}${unit}`];
  };
  const own = [
    ...range(schema.minLength, schema.maxLength, ' characters'),
    ...range(schema.minItems, schema.maxItems, ' items'),
    ...range(schema.minimum, schema.maximum, ''),
    ...(schema.not?.const === undefined ? [] : [`not ${JSON.stringify(schema.not.const)}`]),
    ...(schema.pattern === undefined || schema.format !== undefined ? [] : [patternWords(schema.pattern)]),
    ...(schema.propertyNames?.enum === undefined
      ? []
      : [`names are ${schema.propertyNames.enum.join(', ')}`]),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
  ];
  const choices = schema.anyOf ?? schema.oneOf ?? [];
  return [...new Set([...own, ...choices.flatMap(limitWords)])];
}

const patternWords = (pattern: string): string => PATTERN_WORDS[pattern] ?? `matches \`${pattern}\``;

export interface FieldWords {
  readonly name: string;
  readonly type: TypeWords;
  readonly isRequired: boolean;
  readonly description: string;
  readonly limits: readonly string[];
  readonly example?: string;
  /** The fields of an object that is no component. */
  readonly fields: readonly FieldWords[];
}

/** Returns the fields of an object. */
export function fieldsOf(schema: JsonSchema): FieldWords[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const example = field.examples?.[0];
    return {
      name,
      type: typeWords(field),
      isRequired: required.has(name),
      description: field.description ?? '',
      limits: limitWords(field),
      ...(example === undefined ? {} : { example: JSON.stringify(example) }),
      fields: fieldsOf(within(field)),
    };
  });
}

/** The object within a field: its value, its items, or its properties by name. */
function within(schema: JsonSchema): JsonSchema {
  if (schema.type === 'array' && schema.items !== undefined) return within(schema.items);
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object')
    return within(schema.additionalProperties);
  return schema;
}
