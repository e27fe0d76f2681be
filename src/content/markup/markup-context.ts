/** The attachments of one issue, which wiki markup and Textile refer to by their names; all are of the private side. */
export interface MarkupContext {
  /** The attachment that has the name; undefined for any other name. Of two with one name, the newest. */
  readonly attachmentId: (name: string) => string | undefined;
  readonly attachmentName: (attachmentId: string) => string | undefined;
  /** The attachment that a URL opens, and the URL that opens it: for names that markup cannot hold. */
  readonly attachmentIdOfLink: (url: string) => string | undefined;
  readonly attachmentLink: (attachmentId: string) => string;
}
