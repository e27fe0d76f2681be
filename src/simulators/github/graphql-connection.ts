import type { GraphQlValues } from './graphql-document.ts';
import { GraphQlProblem } from './graphql-execution.ts';
import type { GraphQlObject } from './graphql-execution.ts';

/** A page of at most this many, and never all at once. */
const pageMax = 100;

/**
 * A page of a list. Source: docs.github.com, "Rate limits and query limits for the GraphQL API": `first` or `last` is
 * needed, from 1 to 100.
 *
 * @throws GraphQlProblem without such a bound
 */
export function connectionOf(
  list: { readonly type: string; readonly name: string; readonly nodes: readonly GraphQlObject[] },
  values: GraphQlValues,
): GraphQlObject {
  const { nodes } = list;
  const [start, end] = rangeOf(list, values);
  return {
    type: list.type,
    interfaces: [],
    fields: {
      totalCount: () => nodes.length,
      nodes: () => nodes.slice(start, end),
      pageInfo: () => ({
        type: 'PageInfo',
        interfaces: [],
        fields: {
          hasPreviousPage: () => start > 0,
          hasNextPage: () => end < nodes.length,
          startCursor: () => (start < end ? cursorOf(start) : null),
          endCursor: () => (start < end ? cursorOf(end - 1) : null),
        },
      }),
    },
  };
}

function rangeOf(list: { readonly name: string; readonly nodes: readonly unknown[] }, values: GraphQlValues): [number, number] {
  const low = values['after'] === undefined || values['after'] === null ? 0 : positionOf(values['after']) + 1;
  const { before } = values;
  const high = before === undefined || before === null ? list.nodes.length : positionOf(before);
  const first = boundOf(list.name, 'first', values);
  const last = boundOf(list.name, 'last', values);
  if (first !== undefined) return [low, Math.max(low, Math.min(high, low + first))];
  if (last !== undefined) return [Math.min(high, Math.max(low, high - last)), high];
  throw new GraphQlProblem(
    'MISSING_PAGINATION_BOUNDARIES',
    `You must provide a \`first\` or \`last\` value to properly paginate the \`${list.name}\` connection.`,
  );
}

function boundOf(name: string, which: 'first' | 'last', values: GraphQlValues): number | undefined {
  const value = values[which];
  if (value === undefined || value === null) return undefined;
  const count = Number(value);
  if (count >= 1 && count <= pageMax) return count;
  throw new GraphQlProblem(
    'EXCESSIVE_PAGINATION',
    `Requesting ${count} records on the \`${name}\` connection exceeds the \`${which}\` limit of ${pageMax} records.`,
  );
}

function cursorOf(position: number): string {
  return Buffer.from(`cursor:${position}`).toString('base64');
}

function positionOf(cursor: unknown): number {
  return Number(Buffer.from(String(cursor), 'base64').toString('utf8').replace('cursor:', ''));
}

/** A value where a list is due: a single one stands for a list of it (GraphQL's input coercion). */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
