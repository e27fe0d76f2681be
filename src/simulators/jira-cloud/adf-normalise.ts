import type { AdfDocument, AdfMark, AdfNode } from './adf.ts';

/** Nodes that Jira gives a `localId` where the writer left it out. */
const identified: ReadonlySet<string> = new Set([
  'taskList',
  'taskItem',
  'blockTaskItem',
  'decisionList',
  'decisionItem',
  'table',
]);

/** Attributes that Jira writes out where the writer left them to their default. */
const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  orderedList: { order: 1 },
  table: { isNumberColumnEnabled: false, layout: 'default' },
  tableCell: {},
  tableHeader: {},
  mediaSingle: { layout: 'align-start' },
};

/**
 * The document as Jira gives it back: ids and defaults added, attributes in another order, empty text and empty lists of
 * marks gone.
 */
export function normaliseAdf(document: AdfDocument, newId: () => string): AdfDocument {
  return { version: 1, type: 'doc', content: (document.content ?? []).map((node) => normaliseNode(node, newId)) };
}

function normaliseNode(node: AdfNode, newId: () => string): AdfNode {
  const attrs = normaliseAttributes(node, newId);
  const content = node.content?.filter((child) => child.text !== '').map((child) => normaliseNode(child, newId));
  const marks = node.marks?.map(normaliseMark);
  return {
    type: node.type,
    ...(attrs === undefined ? undefined : { attrs }),
    ...(content === undefined ? undefined : { content }),
    ...(node.text === undefined ? undefined : { text: node.text }),
    ...(marks === undefined || marks.length === 0 ? undefined : { marks }),
  };
}

function normaliseAttributes(node: AdfNode, newId: () => string): Readonly<Record<string, unknown>> | undefined {
  const given = { ...defaults[node.type], ...node.attrs };
  if (identified.has(node.type) && (given['localId'] === undefined || given['localId'] === '')) given['localId'] = newId();
  if (Object.keys(given).length === 0 && node.attrs === undefined && defaults[node.type] === undefined) return undefined;
  return sorted(given);
}

function normaliseMark(mark: AdfMark): AdfMark {
  return mark.attrs === undefined ? mark : { type: mark.type, attrs: sorted(mark.attrs) };
}

function sorted(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(attributes).toSorted(([first], [second]) => (first < second ? -1 : 1)));
}

/** Equal for documents that differ in nothing but the ids that Jira adds; such an edit changes nothing. */
export function comparableAdf(document: AdfDocument | null): string {
  if (document === null) return 'null';
  return JSON.stringify(
    normaliseAdf(document, () => '-'),
    (key, value: unknown) => (key === 'localId' ? undefined : value),
  );
}
