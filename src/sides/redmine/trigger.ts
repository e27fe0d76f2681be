import { SallyportError } from '../../errors.ts';
import type { RedmineIssue } from './schemas.ts';

/** Which issues of the project are under sync. Decided here: Redmine passes over a filter that it does not know. */
export interface Trigger {
  holds(issue: RedmineIssue): boolean;
  /** The same as a filter of Redmine, which may let too many through: it spares pages. */
  readonly query: Readonly<Record<string, string>>;
  /** The custom field that it asks for by name. */
  readonly fieldName: string | undefined;
}

type Field = (issue: RedmineIssue) => { readonly id: number } | null | undefined;

const fields: Readonly<Record<string, Field>> = {
  tracker_id: (issue) => issue.tracker,
  status_id: (issue) => issue.status,
  priority_id: (issue) => issue.priority,
  category_id: (issue) => issue.category,
  fixed_version_id: (issue) => issue.fixed_version,
  assigned_to_id: (issue) => issue.assigned_to,
  author_id: (issue) => issue.author,
};

/**
 * The input `private-trigger`: `*` is every issue; a name the custom field that is called so, ticked (a yes or no field); else
 * filters as in the address of Redmine's list of issues, such as `tracker_id=1,2&cf_5=yes`, all of which must hold.
 *
 * @throws SallyportError `configuration` for a filter that is not known
 */
export function parseTrigger(text: string): Trigger {
  const trigger = text.trim();
  if (trigger === '*') return { holds: () => true, query: {}, fieldName: undefined };
  if (!trigger.includes('=')) {
    return { holds: (issue) => fieldNamed(issue, trigger)?.value === '1', query: {}, fieldName: trigger };
  }
  return filtered(
    trigger.split('&').map((part) => {
      const [name = '', value = ''] = part.split('=');
      return condition(
        name.trim(),
        value.split(/[,|]/).map((one) => one.trim()),
      );
    }),
  );
}

interface Condition {
  readonly name: string;
  readonly values: readonly string[];
  readonly holds: (issue: RedmineIssue) => boolean;
}

function filtered(conditions: readonly Condition[]): Trigger {
  return {
    holds: (issue) => conditions.every((one) => one.holds(issue)),
    query: Object.fromEntries(conditions.map(({ name, values }) => [name, values.join('|')])),
    fieldName: undefined,
  };
}

function condition(name: string, values: readonly string[]): Condition {
  const field = fields[name];
  if (values.some((value) => value === '')) throw unknownFilter(name, 'has no value');
  if (field !== undefined) {
    if (!values.every((value) => /^\d+$/.test(value))) throw unknownFilter(name, 'takes ids, which are numbers');
    return { name, values, holds: (issue) => values.includes(String(field(issue)?.id ?? '')) };
  }
  const custom = /^cf_(\d+)$/.exec(name)?.[1];
  if (custom === undefined)
    throw unknownFilter(name, `is none of ${Object.keys(fields).join(', ')} and cf_N for the custom field with the id N`);
  return { name, values, holds: (issue) => valuesOf(issue, Number(custom)).some((value) => values.includes(value)) };
}

function unknownFilter(name: string, what: string): SallyportError {
  return new SallyportError(`private-trigger: the filter "${name.slice(0, 40)}" ${what}.`, { kind: 'configuration' });
}

/** The custom field of an issue that has this name, in whatever case. */
export function fieldNamed(issue: RedmineIssue, name: string): RedmineIssue['custom_fields'][number] | undefined {
  return issue.custom_fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
}

/** The values of a custom field of an issue; none where it has not got that field. */
function valuesOf(issue: RedmineIssue, fieldId: number): readonly string[] {
  const value = issue.custom_fields.find(({ id }) => id === fieldId)?.value;
  if (value === undefined || value === null) return [];
  return typeof value === 'string' ? [value] : value;
}
