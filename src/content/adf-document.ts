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

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a JSON value has the shape of a node; whether it is a valid one is the schema's business. */
export function isAdfNode(value: unknown): value is AdfNode {
  return isRecord(value) && typeof value['type'] === 'string';
}

/** The nodes within a node (or document); what is no node is left out. */
export function contentOf(node: unknown): readonly AdfNode[] {
  if (!isRecord(node)) return [];
  const { content } = node;
  return Array.isArray(content) ? content.filter(isAdfNode) : [];
}

/** An attribute that is a text. */
export function textAttribute(node: AdfNode, name: string): string | undefined {
  const value = attributeOf(node, name);
  return typeof value === 'string' ? value : undefined;
}

/** An attribute that is a finite number. */
export function numberAttribute(node: AdfNode, name: string): number | undefined {
  const value = attributeOf(node, name);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** An attribute, whatever it is. */
export function attributeOf(node: AdfNode, name: string): unknown {
  const { attrs } = node;
  return isRecord(attrs) && Object.hasOwn(attrs, name) ? attrs[name] : undefined;
}

/** All attributes of a node. */
export function attributesOf({ attrs }: AdfNode): Readonly<Record<string, unknown>> {
  return isRecord(attrs) ? { ...attrs } : {};
}

/** The marks of a node. */
export function marksOf(node: AdfNode): readonly AdfNode[] {
  const { marks } = node;
  return Array.isArray(marks) ? marks.filter(isAdfNode) : [];
}

/** A member of an object that arrived from outside. */
export function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The readable text within a node, without recursion, so that no depth can overflow the stack. */
export function adfText(node: AdfNode): string {
  let text = '';
  const waiting: AdfNode[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.type === 'text' && typeof next['text'] === 'string') text += next['text'];
    else if (next.type === 'hardBreak') text += '\n';
    for (const child of contentOf(next).toReversed()) waiting.push(child);
  }
  return text;
}
