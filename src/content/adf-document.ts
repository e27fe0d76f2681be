/** A node of an Atlassian document: `type` and whatever else that type has. */
export interface AdfNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** A whole Atlassian document, as Jira Cloud's REST v3 takes it for descriptions and comments. */
export interface AdfDocument {
  readonly version: 1;
  readonly type: 'doc';
  readonly content: readonly AdfNode[];
}
