import type { MarkupContext } from '../markup/markup-context.ts';

/** What a Jira issue's wiki markup refers to by names. */
export interface WikiContext extends MarkupContext {
  /** The display name of a user by the name in `[~name]`; undefined where it is not known. */
  readonly userName: (name: string) => string | undefined;
}
