/**
 * The document as a page: routes with a curl to try at once, every field with its type and limits, every answer.
 * One page and no script, so that it opens on a phone in a stock room and prints.
 */

import type { JsonSchema } from '#contracts/openapi/schemas.ts';
import type { MediaType, OpenApiDocument, Operation, OperationResponse } from '#contracts/openapi.ts';
import { type FieldWords, fieldsOf, limitWords, type TypeWords, typeWords } from './describe-schema.ts';
import { asIs, type Html, html, inline, prose } from './html.ts';
import { STYLE } from './style.ts';

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly operation: Operation;
}

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
<nav aria-label="Routes"><ul>${routes.map(routeLink)}</ul></nav>
</header>
<main>
<section id="about">${prose(info.description)}</section>
<section id="keys"><h2>Who may ask</h2>
<dl>${Object.entries(components.securitySchemes).map(
    ([name, { bearerFormat, description }]) =>
      html`<div id="key-${name}"><dt><code>${name}</code></dt><dd>${inline(description)} <span class="quiet">Authorization: Bearer ${bearerFormat}</span></dd></div>`,
  )}</dl>
<p>The examples below take the address, a till's key and an access token from the shell:</p>
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

const routesOf = ({ paths }: OpenApiDocument): Route[] =>
  Object.entries(paths).flatMap(([path, { get, post }]) => [
    ...(post === undefined ? [] : [{ method: 'POST' as const, path, operation: post }]),
    ...(get === undefined ? [] : [{ method: 'GET' as const, path, operation: get }]),
  ]);

const routeLink = ({ method, path, operation }: Route): Html =>
  html`<li><a href="#${operation.operationId}"><b class="method">${method}</b> <code>${path}</code></a> <span class="quiet">${operation.summary}</span></li>`;

const shellSetup = (server: string): string =>
  [`AISLE=${server === '/' ? 'https://…' : server}`, 'DEVICE_KEY=aisle_…', 'ACCESS_TOKEN=eyJ…'].join('\n');

function routeSection({ method, path, operation }: Route): Html {
  const { operationId, summary, description, parameters, requestBody, responses, security } = operation;
  const keys = security.flatMap((scheme) => Object.keys(scheme));
  return html`<section id="${operationId}" class="route">
<h2><b class="method">${method}</b> <code>${path}</code></h2>
<p class="summary">${summary} <span class="quiet">· ${keys.map((key) => html`<a href="#key-${key}">${key}</a>`)}</span></p>
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
<h3>Answers</h3>
${Object.entries(responses).map(responseBlock)}
</section>`;
}

function curlOf({ method, path, operation }: Route): string {
  const token = operation.security.some((scheme) => 'deviceKey' in scheme) ? '$DEVICE_KEY' : '$ACCESS_TOKEN';
  const parameters = operation.parameters ?? [];
  const query = parameters
    .flatMap((one) => (one.in === 'query' ? [`${one.name}=${one.example}`] : []))
    .join('&');
  const filled = parameters.reduce(
    (text, { name, example }) => text.replace(`{${name}}`, String(example)),
    path,
  );
  const start = [
    `curl -i "$AISLE${filled}${query === '' ? '' : `?${query}`}"`,
    `-H "Authorization: Bearer ${token}"`,
  ];
  if (operation.requestBody?.content['image/jpeg'] !== undefined) {
    return [...start, '-H "Content-Type: image/jpeg"', '--data-binary @frame.jpg'].join(' \\\n  ');
  }
  const content = operation.requestBody?.content['application/json'];
  const example = Object.values(content?.examples ?? {})[0]?.value;
  if (method === 'GET' || example === undefined) return start.join(' \\\n  ');
  const body = JSON.stringify(example, undefined, 2).replaceAll("'", "'\\''");
  return [...start, '-H "Content-Type: application/json"', `-d '${body}'`].join(' \\\n  ');
}

function responseBlock([status, { description, headers, content }]: [string, OperationResponse]): Html {
  const tone = status.startsWith('2') ? 'good' : 'bad';
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
${choices.map((choice, index) => html`<h4>${index === 0 ? 'Either' : 'or'}</h4>${fieldList(fieldsOf(choice))}`)}
${schema.additionalProperties === false ? html`<p class="quiet">A field that is not in this list is refused.</p>` : undefined}
</section>`;
}

const fieldList = (fields: readonly FieldWords[]): Html | undefined =>
  fields.length === 0 ? undefined : html`<ul class="fields">${fields.map(fieldItem)}</ul>`;

function fieldItem({ name, type, isRequired, description, limits, example, fields }: FieldWords): Html {
  return html`<li><p class="field"><code class="name">${name}</code> <span class="type">${typeLink(type)}</span>${
    isRequired ? undefined : html` <span class="optional">may be left out</span>`
  }</p>${description === '' ? undefined : html`<p>${inline(description)}</p>`}${
    limits.length === 0
      ? undefined
      : html`<p class="quiet">${limits.map((limit, index) => [index === 0 ? '' : ' · ', inline(limit)])}</p>`
  }${example === undefined ? undefined : html`<p class="quiet">For example <code>${example}</code></p>`}${fieldList(fields)}</li>`;
}
