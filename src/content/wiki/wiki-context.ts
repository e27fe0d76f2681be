/** What a Jira issue's wiki markup refers to by names; the attachments are those of the private side. */
export interface WikiContext {
  /** The attachment of this issue that has the name; undefined for any other name. */
  readonly attachmentId: (name: string) => string | undefined;
  readonly attachmentName: (attachmentId: string) => string | undefined;
  /** The attachment that a URL opens, and the URL that opens it: for names that markup cannot hold. */
  readonly attachmentIdOfLink: (url: string) => string | undefined;
  readonly attachmentLink: (attachmentId: string) => string;
  /** The display name of a user by the name in `[~name]`; undefined where it is not known. */
  readonly userName: (name: string) => string | undefined;
}
