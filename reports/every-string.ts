/** Every text that a report can hold, found by the model itself: for tests of what a hostile one may do. */
import type { z } from 'zod';
import { type Report, report as reportSchema } from './model.ts';

type Definition = {
  type: string;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  innerType?: z.ZodType;
  keyType?: z.ZodType;
  valueType?: z.ZodType;
  options?: z.ZodType[];
};

const definitionOf = (schema: z.ZodType): Definition => schema.def as unknown as Definition;

const scalars = new Set(['number', 'boolean', 'enum', 'literal']);

function inner(definition: Definition, name: 'element' | 'innerType' | 'keyType' | 'valueType'): z.ZodType {
  const schema = definition[name];
  if (schema === undefined) throw new Error(`no ${name} in the model where one belongs`);
  return schema;
}

function changed(
  value: unknown,
  schema: z.ZodType,
  change: (text: string, place: string) => string,
  place: string,
): unknown {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case 'string':
      return change(value as string, place);
    case 'optional':
    case 'default':
      return value === undefined ? undefined : changed(value, inner(definition, 'innerType'), change, place);
    case 'array':
      return (value as unknown[]).map((item) => changed(item, inner(definition, 'element'), change, `${place}[]`));
    case 'record':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [
          changed(key, inner(definition, 'keyType'), change, `${place}{}`),
          changed(item, inner(definition, 'valueType'), change, `${place}{}=`),
        ]),
      );
    case 'object':
      return Object.fromEntries(
        Object.entries(definition.shape ?? {})
          .map(
            ([key, field]) =>
              [key, changed((value as Record<string, unknown>)[key], field, change, `${place}.${key}`)] as const,
          )
          .filter(([, item]) => item !== undefined),
      );
    case 'union': {
      const option = definition.options?.find((one) => one.safeParse(value).success);
      if (option === undefined) throw new Error(`${place} is nothing that the model knows`);
      return changed(value, option, change, place);
    }
    default:
      if (!scalars.has(definition.type)) throw new Error(`${place}: a ${definition.type} is not looked into`);
      return value;
  }
}

/** The report with every string changed for which the model has no list of its own; `place` is as `stringPlaces` has it. */
export function withEveryString(report: Report, change: (text: string, place: string) => string): Report {
  return changed(report, reportSchema, change, '') as Report;
}

function placesIn(schema: z.ZodType, place: string): string[] {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case 'string':
      return [place];
    case 'optional':
    case 'default':
      return placesIn(inner(definition, 'innerType'), place);
    case 'array':
      return placesIn(inner(definition, 'element'), `${place}[]`);
    case 'record':
      return [
        ...placesIn(inner(definition, 'keyType'), `${place}{}`),
        ...placesIn(inner(definition, 'valueType'), `${place}{}=`),
      ];
    case 'object':
      return Object.entries(definition.shape ?? {}).flatMap(([key, field]) => placesIn(field, `${place}.${key}`));
    case 'union':
      return (definition.options ?? []).flatMap((option) => placesIn(option, place));
    default:
      return [];
  }
}

/** Where in a report strings can be: `.configurations[].attempts[].reason`. */
export const stringPlaces = (): string[] => [...new Set(placesIn(reportSchema, ''))];

/** The report without any field that the model lets be absent: such as an older version may have written it. */
export function withoutOptional(value: unknown, schema: z.ZodType = reportSchema): unknown {
  const definition = definitionOf(schema);
  if (definition.type === 'array') {
    return (value as unknown[]).map((item) => withoutOptional(item, inner(definition, 'element')));
  }
  if (definition.type !== 'object') return value;
  return Object.fromEntries(
    Object.entries(definition.shape ?? {})
      .filter(([, field]) => !['optional', 'default'].includes(definitionOf(field).type))
      .map(([key, field]) => [key, withoutOptional((value as Record<string, unknown>)[key], field)]),
  );
}
