import { requireClosedJql } from '../jira/closed-jql.ts';

/** A label, or several with commas between them: no space, quote, parenthesis or operator. */
const labels = /^[^\s,"'()=<>~!]+(?:\s*,\s*[^\s,"'()=<>~!]+)*$/;

/**
 * The input `private-trigger` as JQL within the project: `*` is every issue (the empty string), a list of labels any of them,
 * all else is JQL itself.
 *
 * @throws SallyportError `configuration` if it would reach beyond the parentheses that it is put into
 */
export function privateJql(trigger: string): string {
  const text = trigger.trim();
  if (text === '*') return '';
  if (labels.test(text)) {
    const quoted = text.split(',').map((label) => `"${label.trim().replaceAll('\\', '\\\\')}"`);
    return `labels in (${quoted.join(', ')})`;
  }
  requireClosedJql(text, 'private-trigger');
  return text;
}

/** The trigger within its project. */
export function scopeJql(parts: { readonly project: { readonly id: string }; readonly trigger: string }): string {
  return parts.trigger === '' ? `project = ${parts.project.id}` : `project = ${parts.project.id} AND (${parts.trigger})`;
}
