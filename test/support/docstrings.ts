/**
 * The docstrings of exported functions. The first sentence completes "This function …", so it begins with a verb in the
 * third person; a function that throws says so.
 */

export interface ExportedFunction {
  readonly name: string;
  readonly line: number;
  /** The docstring as one line of text; undefined where there is none. */
  readonly doc: string | undefined;
  readonly throws: boolean;
}

const EXPORTED =
  /(?<doc>\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*\n)?export (?:async )?(?:function\*? (?<name>\w+)|const (?<constant>\w+)(?::[^=\n]*)? =\s*(?:async )?(?:<[^>]*>\s*)?\((?=[^;]*?=>))/g;

/** The end of a declaration at the left margin. */
const END = /\n(?:\}|\S.*;)(?=\n)/g;

/** Returns the exported functions of a source with their docstrings. Overloads count once, under the first. */
export function exportedFunctions(source: string): ExportedFunction[] {
  const seen = new Set<string>();
  return [...source.matchAll(EXPORTED)].flatMap(({ 0: all, index, groups = {} }) => {
    const name = groups['name'] ?? groups['constant'] ?? '';
    if (seen.has(name)) return [];
    seen.add(name);
    const start = index + all.length;
    END.lastIndex = start;
    const body = source.slice(start, END.exec(source)?.index ?? source.length);
    const doc = groups['doc']
      ?.replace(/^\/\*\*|\*\/\s*$/g, '')
      .replace(/^\s*\* ?/gm, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    const line = source.slice(0, index + (groups['doc']?.length ?? 0)).split('\n').length;
    return [{ name, line, doc, throws: /\bthrow\b/.test(body) }];
  });
}

const THIRD_PERSON = /^(?:[A-Z][a-z]*s|Is|Has)\b/;

/** Returns what is wrong with the docstring of a function; undefined where nothing is. */
export function docFault({ doc, throws }: ExportedFunction): string | undefined {
  if (doc === undefined || doc === '') return 'has no docstring';
  if (!THIRD_PERSON.test(doc))
    return `does not begin with a verb in the third person: "${doc.slice(0, 40)}…"`;
  if (throws && !/\b[Tt]hrows?\b/.test(doc)) return 'throws, and does not say so';
  return undefined;
}
