import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const directory = new URL('../../schemas/', import.meta.url);

/** Every file of `schemas`: they refer to one another by their ids. */
const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
for (const file of readdirSync(directory)) ajv.addSchema(JSON.parse(readFileSync(new URL(file, directory), 'utf8')));

/** Names of documents that have a published schema: `bench`, `sweep-run`. */
export const SCHEMA_NAMES = readdirSync(directory).map((file) => file.replace('.schema.json', ''));

/** What says whether a document is as its published schema has it. @throws where there is no schema of the name. */
export function schemaOf(name: string): ValidateFunction {
  const validate = ajv.getSchema(`urn:blockstm:${name}:1`);
  if (validate === undefined) throw new RangeError(`no schema ${name} in ${directory.pathname}`);
  return validate;
}

/** What is wrong with a document by the schema that it names itself; undefined where nothing is. */
export function schemaProblem(document: { readonly schema: string }): string | undefined {
  const validate = schemaOf(document.schema.replace(/^blockstm\.(.*)\/1$/, '$1'));
  return validate(document) ? undefined : JSON.stringify(validate.errors);
}
