/** The description of an audience: the fields and the syntax that staff may use in its expression. */
import { PROFILE_FIELDS } from '#domain/people/customers/profile.ts';

const profileFields = Object.entries(PROFILE_FIELDS)
  .map(([name, { type, en }]) => `- \`${name}\` (${type}): ${en}.`)
  .join('\n');

export const AUDIENCE_DESCRIPTION = `The customers of the campaign: a CEL expression of type bool, evaluated at each \
geofence entry over the profile of the customer at that time and for that store. \`true\` is every customer.

${profileFields}

Days are calendar days of the store: 0 is today, 1 is yesterday. Money is in the currency of the chain.

An expression may compare (\`==\`, \`!=\`, \`<\`, \`<=\`, \`>\`, \`>=\`, \`in\`), combine (\`&&\`, \`||\`, \`!\`), choose \
(\`? :\`) and calculate (\`+\`, \`-\`, \`*\`, \`/\`, \`%\`). A list or a text has \`size()\`, a text \`contains()\`, \
\`startsWith()\` and \`endsWith()\`, a list \`all()\`, \`exists()\`, \`exists_one()\`, \`filter()\` and \`map()\`, each with a \
name for the item: \`products.exists(p, p.startsWith("SKU-1"))\`. An int and a double may be mixed only in \`<\`, \`<=\`, \
\`>\` and \`>=\`; elsewhere write \`500.0\` for 500, or \`double(buys)\`.

Errors of an expression are reported when the campaign is written, with their position in the text.`;
