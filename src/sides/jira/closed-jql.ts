import { SallyportError } from '../../errors.ts';

/**
 * Makes sure that JQL put between parentheses stays between them: `a) OR (b` would undo the wrapping that keeps a trigger in
 * its project, and a runner's own one below the record's (connection.md, "Scope"). Quotes are `"` and `'`, with a backslash
 * before a quote that is meant literally.
 *
 * @throws SallyportError `configuration` naming `what` if parentheses or quotes do not match
 */
export function requireClosedJql(jql: string, what: string): void {
  let depth = 0;
  let quote: string | undefined;
  for (let position = 0; position < jql.length; position += 1) {
    const character = jql.charAt(position);
    if (character === '\\') {
      // What is escaped opens and closes nothing; outside quotes Jira knows no escaped parenthesis, so that one counts.
      const next = jql.charAt(position + 1);
      if (quote !== undefined || !'()'.includes(next)) position += 1;
    } else if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (depth < 0) break;
  }
  if (depth === 0 && quote === undefined) return;
  const wrong = quote === undefined ? 'parentheses that do not match' : 'a quotation mark that is never closed';
  throw new SallyportError(`The JQL of ${what} has ${wrong}: ${jql}. Mend it.`, { kind: 'configuration' });
}
