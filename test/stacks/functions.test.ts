/** The folders under functions/ equal the functions in the templates. */
import { describe, expect, it } from 'vitest';
import { functionFolders } from '#lib/bundle.ts';
import { pascalCase } from '#lib/constructs/aisle-function.ts';
import { resourcesOf, SUBJECTS, synthesised } from './synthesised.ts';

const { templates } = synthesised('Dev');

const deployed = SUBJECTS.flatMap((subject) =>
  Object.entries(resourcesOf(templates[subject], 'AWS::Lambda::Function')),
)
  .map(([id, { Properties }]) => {
    const { Variables = {} } = (Properties['Environment'] ?? {}) as { Variables?: Record<string, string> };
    return { id, folder: Variables['POWERTOOLS_SERVICE_NAME'] };
  })
  // The CDK's own uploader of the web app has no folder.
  .filter(({ folder }) => folder !== undefined);

describe('functions/', () => {
  it('is deployed completely, and no function is declared without its folder', () => {
    expect(deployed.map(({ folder }) => folder).sort()).toEqual(functionFolders());
  });

  it('names each function after its folder', () => {
    for (const { id, folder = '' } of deployed) expect(id).toBe(pascalCase(folder));
  });
});
