/**
 * Renders the document as a page: routes with a curl command, every field with its type and limits, every response. One page
 * without scripts, so that it opens on a phone with a weak signal and prints.
 */

import {
  METHODS,
  type MediaType,
  type Method,
  type OpenApiDocument,
  type Operation,
  type OperationResponse,
} from '#contracts/openapi/document.ts';
import type { JsonSchema } from '#contracts/openapi/schemas.ts';
import { type FieldWords, fieldsOf, limitWords, type TypeWords, typeWords } from './describe-schema.ts';
import { asIs, type Html, html, inline, prose } from './html.ts';
import { STYLE } from './style.ts';

interface Route {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
}

/** Returns the HTML of the page. */
export function renderPage(document: OpenApiDocument): string {
  const routes = routesOf(document);
  const { info, components, servers } = document;
  const server = servers[0]?.url ?? '/';
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title} API</title>
<style>${asIs(STYLE)}</style>
</head>
<body>
<header>
<h1>${info.title} API <small>${info.version}</small></h1>
<p class="summary">${info.summary} <a href="/openapi.json">openapi.json</a></p>
<nav aria-label="Routes">${document.tags.map(({ name, description }) => chapter(name, description, routes))}</nav>
</header>
<main>
<section id="about">${prose(info.description)}</section>
<section id="keys"><h2>Authorization</h2>
<dl>${Object.entries(components.securitySchemes).map(
    ([name, { bearerFormat, description }]) =>
      html`<div id="key-${name}"><dt><code>${name}</code></dt><dd>${inline(description)}</dd><dd class="quiet"><code>Authorization: Bearer ${bearerFormat}</code></dd></div>`,
  )}</dl>
<p>The examples read the base URL, the keys and an access token from shell variables:</p>
<pre tabindex="0"><code>${shellSetup(server)}</code></pre>
</section>
${routes.map((route) => routeSection(route))}
<section id="schemas"><h2>Bodies</h2>
${Object.entries(components.schemas).map(schemaSection)}
</section>
</main>
</body>
</html>
`;
  return page.html;
}

/** In the order of the document, by tag. */
const routesOf = ({ paths, tags }: OpenApiDocument): Route[] => {
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    METHODS.flatMap((method) => {
      const operation = operations[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
  return tags.flatMap(({ name }) => routes.filter(({ operation }) => operation.tags.includes(name)));
};

const chapter = (tag: string, description: string, routes: readonly Route[]): Html =>
  html`<h2>${tag} <small>${description}</small></h2>
<ul>${routes.filter(({ operation }) => operation.tags.includes(tag)).map(routeLink)}</ul>`;

const methodLabel = (method: Method): Html => html`<b class="method ${method}">${method.toUpperCase()}</b>`;

const routeLink = ({ method, path, operation }: Route): Html =>
  html`<li><a href="#${operation.operationId}">${methodLabel(method)} <code>${path}</code></a> <span class="quiet">${operation.summary}</span></li>`;

/** The shell variables of the examples, by security scheme. */
const SHELL_NAMES: Readonly<Record<string, string>> = {
  deviceKey: 'DEVICE_KEY',
  appKey: 'APP_KEY',
  phoneKey: 'PHONE_KEY',
  staff: 'ACCESS_TOKEN',
};

const shellSetup = (server: string): string =>
  [
    `AISLE=${server === '/' ? 'https://…' : server}`,
    'DEVICE_KEY=aisle_…',
    'APP_KEY=aisle_…',
    'PHONE_KEY=aisle_…',
    'ACCESS_TOKEN=eyJ…',
  ].join('\n');

function routeSection({ method, path, operation }: Route): Html {
  const { operationId, summary, description, parameters, requestBody, responses, security } = operation;
  const keys = security.flatMap((scheme) => Object.keys(scheme));
  return html`<section id="${operationId}" class="route">
<h2>${methodLabel(method)} <code>${path}</code></h2>
<p class="summary">${summary} <span class="quiet">· ${
    keys.length === 0 ? 'public' : keys.map((key) => html`<a href="#key-${key}">${key}</a>`)
  }</span></p>
${prose(description)}
${
  parameters === undefined
    ? undefined
    : html`<h3>${parameters.every((one) => one.in === 'path') ? 'Path' : 'Query'}</h3>${fieldList(
        parameters.map(({ name, required, description, schema, example }) => ({
          name,
          type: typeWords(schema),
          isRequired: required,
          description,
          limits: limitWords(schema),
          example: String(example),
          fields: [],
        })),
      )}`
}
${
  requestBody === undefined
    ? undefined
    : html`<h3>Body</h3><p>${inline(requestBody.description)}</p>${Object.entries(requestBody.content).map(([type, { schema }]) => mediaBlock([type, { schema }]))}`
}
<h3>Try it</h3>
<pre tabindex="0"><code>${curlOf({ method, path, operation })}</code></pre>
<h3>Responses</h3>
${Object.entries(responses).map(responseBlock)}
</section>`;
}

function curlOf({ method, path, operation }: Route): string {
  const parameters = operation.parameters ?? [];
  const query = parameters
    .flatMap((one) => (one.in === 'query' ? [`${one.name}=${one.example}`] : []))
    .join('&');
  const filled = parameters.reduce(
    (text, { name, example }) => text.replace(`{${name}}`, String(example)),
    path,
  );
  const body = bodyOf(operation);
  // The default of curl is GET, and POST with a body.
  const isImplied = method === (body.length === 0 ? 'get' : 'post');
  return [
    `curl -i ${isImplied ? '' : `-X ${method.toUpperCase()} `}"$AISLE${filled}${query === '' ? '' : `?${query}`}"`,
    ...operation.security
      .flatMap((scheme) => Object.keys(scheme))
      .map((key) => `-H "Authorization: Bearer $${SHELL_NAMES[key]}"`),
    ...body,
  ].join(' \\\n  ');
}

/** The options of curl that send the first example of a body. */
function bodyOf({ requestBody }: Operation): string[] {
  if (requestBody === undefined) return [];
  if (requestBody.content['image/jpeg'] !== undefined)
    return ['-H "Content-Type: image/jpeg"', '--data-binary @frame.jpg'];
  const [example] = Object.values(requestBody.content['application/json']?.examples ?? {});
  if (example === undefined) return [];
  const body = JSON.stringify(example.value, undefined, 2).replaceAll("'", "'\\''");
  return ['-H "Content-Type: application/json"', `-d '${body}'`];
}

function responseBlock([status, { description, headers, content }]: [string, OperationResponse]): Html {
  const tone = /^[23]/.test(status) ? 'good' : 'bad';
  return html`<details class="response">
<summary><b class="status ${tone}">${status}</b> ${inline(description)}</summary>
${Object.entries(headers ?? {}).map(
  ([name, header]) => html`<p><code>${name}</code> ${inline(header.description)}</p>`,
)}
${Object.entries(content ?? {}).map(mediaBlock)}
</details>`;
}

function mediaBlock([type, { schema, examples }]: [string, MediaType]): Html {
  return html`<p><code>${type}</code> ${typeLink(typeWords(schema))}</p>
${Object.values(examples ?? {}).map(
  ({ summary, value }) =>
    html`<p class="quiet">${summary}</p><pre tabindex="0"><code>${JSON.stringify(value, undefined, 2)}</code></pre>`,
)}`;
}

const typeLink = ({ text, component }: TypeWords): Html =>
  component === undefined ? html`${text}` : html`<a href="#schema-${component}">${text}</a>`;

function schemaSection([name, schema]: [string, JsonSchema]): Html {
  const choices = schema.oneOf ?? schema.anyOf ?? [];
  return html`<section id="schema-${name}" class="schema">
<h3>${name}</h3>
${schema.description === undefined ? undefined : prose(schema.description)}
${fieldList(fieldsOf(schema))}
${choices.map((choice, index) => choiceBlock(choice, index === 0 ? 'Either' : 'or'))}
${schema.additionalProperties === false ? html`<p class="quiet">Other fields are rejected.</p>` : undefined}
</section>`;
}

/** One of several alternatives; one that only requires fields above has no list of its own. */
const choiceBlock = (choice: JsonSchema, word: string): Html | undefined =>
  choice.properties === undefined ? undefined : html`<h4>${word}</h4>${fieldList(fieldsOf(choice))}`;

const fieldList = (fields: readonly FieldWords[]): Html | undefined =>
  fields.length === 0 ? undefined : html`<ul class="fields">${fields.map(fieldItem)}</ul>`;

function fieldItem({ name, type, isRequired, description, limits, example, fields }: FieldWords): Html {
  return html`<li><p class="field"><code class="name">${name}</code> <span class="type">${typeLink(type)}</span>${
    isRequired ? undefined : html` <span class="optional">optional</span>`
  }</p>${description === '' ? undefined : prose(description)}${
    limits.length === 0
      ? undefined
      : html`<p class="quiet">${limits.map((limit, index) => [index === 0 ? '' : ' · ', inline(limit)])}</p>`
  }${example === undefined ? undefined : html`<p class="quiet">For example <code>${example}</code></p>`}${fieldList(fields)}</li>`;
}
