import { OptionError } from './option-error.js';
import { suggestion } from './suggestion.js';

/** What a parameter may be, as a JSON Schema. All have a default and bounds. */
export type ParameterSchema = NumericSchema | ChoiceSchema;

export interface NumericSchema {
  readonly type: 'integer' | 'number';
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number;
  readonly description: string;
}

export interface ChoiceSchema {
  readonly type: 'string';
  readonly enum: readonly string[];
  readonly default: string;
  readonly description: string;
}

export type ParameterValue = number | string;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;
export type ParameterSchemas = Readonly<Record<string, ParameterSchema>>;

/**
 * The value of a parameter: the one given if it may be, the default where none is.
 * @param name as it is among the options: `params.hotRatio`.
 * @throws OptionError with what it may be and what it is.
 */
export function resolveParameter(
  name: string,
  schema: ParameterSchema,
  value: ParameterValue = schema.default,
): ParameterValue {
  const expected = parameterProblem(schema, value);
  if (expected === undefined) return value;
  throw new OptionError([name], `expected ${expected}, found ${value}`);
}

/**
 * What a parameter has to be, where the value is not: `a whole number from 2 to 1,000,000`; of a choice with the nearest one. Undefined where
 * it is.
 */
export function parameterProblem(schema: ParameterSchema, value: ParameterValue): string | undefined {
  if (allows(schema, value)) return undefined;
  const nearest = schema.type === 'string' ? suggestion(String(value), schema.enum) : '';
  return `${expectation(schema)}${nearest}`;
}

function allows(schema: ParameterSchema, value: ParameterValue): boolean {
  if (schema.type === 'string') return schema.enum.includes(value as string);
  if (typeof value !== 'number' || (schema.type === 'integer' && !Number.isSafeInteger(value))) return false;
  return value >= schema.minimum && value <= schema.maximum;
}

function expectation(schema: ParameterSchema): string {
  if (schema.type === 'string') return `one of ${formatRange(schema)}`;
  return `a ${schema.type === 'integer' ? 'whole ' : ''}number from ${formatRange(schema)}`;
}

/** `2 to 1,000,000`, or `delta, plain, none`. */
export function formatRange(schema: ParameterSchema): string {
  if (schema.type === 'string') return schema.enum.join(', ');
  return `${formatValue(schema.minimum)} to ${formatValue(schema.maximum)}`;
}

/** A number with thousands separated, and a text as it is. */
export function formatValue(value: ParameterValue): string {
  return typeof value === 'string' ? value : value.toLocaleString('en-US', { maximumFractionDigits: 20 });
}
