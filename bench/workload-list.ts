import { optionName } from './option-name.js';
import { formatRange, formatValue, type ParameterSchemas } from './parameters.js';
import { formatTable } from './report.js';
import type { WorkloadDefinition } from './workloads/workload.js';

/** The workloads as JSON: what `blockstm bench list --json` prints. */
export interface WorkloadList {
  readonly schema: 'blockstm.workloads/1';
  readonly workloads: readonly {
    readonly name: string;
    readonly description: string;
    /** A JSON Schema of the object of its parameters. */
    readonly parameters: {
      readonly type: 'object';
      readonly properties: ParameterSchemas;
      readonly additionalProperties: false;
    };
  }[];
}

export function workloadList(definitions: readonly WorkloadDefinition[]): WorkloadList {
  const workloads = definitions.map(({ name, description, parameters }) => ({
    name,
    description,
    parameters: { type: 'object', properties: parameters, additionalProperties: false } as const,
  }));
  return { schema: 'blockstm.workloads/1', workloads };
}

/** Each workload, and below it its parameters with what they may be and what they are by default. */
export function formatWorkloads(definitions: readonly WorkloadDefinition[]): string {
  const rows = definitions.flatMap(({ name, description, parameters }) => [
    [name, '', '', description],
    ...Object.entries(parameters).map(([parameter, schema]) => [
      `  --${optionName(parameter)}`,
      formatRange(schema),
      formatValue(schema.default),
      schema.description,
    ]),
  ]);
  return formatTable([['', 'range', 'default', ''], ...rows], 'left');
}
