import type { AdfMark, AdfNode } from './adf.ts';
import { codeCompanions, markRules, nodeRules, parentsOfMarked, textMarks, uncountedWhenSynced } from './adf-rules.ts';
import type { AttributeRule } from './adf-rules.ts';

/**
 * The first thing about a document that Jira would refuse as `INVALID_INPUT`, with the path to it; undefined where all is
 * well. Empty text nodes pass: the simulator drops them when it stores the document.
 */
export function findAdfFault(document: AdfNode): string | undefined {
  return faultOf(document, { parent: undefined, path: 'doc' });
}

interface Position {
  readonly parent: AdfNode | undefined;
  readonly path: string;
}

function faultOf(node: AdfNode, at: Position): string | undefined {
  if (node.type === 'text') return faultOfText(node, at);
  const rule = nodeRules[node.type];
  if (rule === undefined) return `${at.path}: unknown node type ${node.type}`;
  if (node.text !== undefined) return `${at.path}: only text nodes have text`;
  return (
    faultOfAttributes(node.attrs ?? {}, { attributes: rule.attributes ?? {}, required: rule.required ?? [], path: at.path }) ??
    faultOfKind(node, at.path) ??
    faultOfMarks(node, at, rule.marks ?? []) ??
    faultOfChildren(node, at)
  );
}

function faultOfText(node: AdfNode, at: Position): string | undefined {
  if (typeof node.text !== 'string') return `${at.path}: a text node needs text`;
  if (node.content !== undefined || node.attrs !== undefined) return `${at.path}: a text node has text and marks only`;
  const marks = node.marks ?? [];
  if (at.parent?.type === 'codeBlock') return marks.length === 0 ? undefined : `${at.path}: text of a code block has no marks`;
  const isCode = marks.some((mark) => mark.type === 'code');
  const allowed = isCode ? codeCompanions : textMarks;
  const foreign = marks.find((mark) => !allowed.has(mark.type));
  if (foreign !== undefined) return `${at.path}: mark ${foreign.type} is not allowed here`;
  if (new Set(marks.map((mark) => mark.type)).size < marks.length) return `${at.path}: a mark stands twice`;
  return faultOfEach(marks, (mark) => faultOfMark(mark, at.path));
}

function faultOfMarks(node: AdfNode, at: Position, allowed: readonly string[]): string | undefined {
  const marks = node.marks ?? [];
  return faultOfEach(marks, (mark) => {
    const parent = at.parent?.type ?? '';
    if (parent === 'bodiedSyncBlock') return faultOfMark(mark, at.path);
    if (!allowed.includes(mark.type)) return `${at.path}: mark ${mark.type} is not allowed on ${node.type}`;
    const parents = parentsOfMarked[mark.type];
    if (parents !== undefined && !parents.has(parent)) return `${at.path}: mark ${mark.type} is not allowed inside ${parent}`;
    return faultOfMark(mark, at.path);
  });
}

function faultOfMark(mark: AdfMark, path: string): string | undefined {
  const rule = markRules[mark.type];
  if (rule === undefined) return `${path}: unknown mark ${mark.type}`;
  return faultOfAttributes(mark.attrs ?? {}, { attributes: rule.attributes ?? {}, required: rule.required ?? [], path });
}

/** What a table of attributes can not say: attributes that depend on one another. */
function faultOfKind(node: AdfNode, path: string): string | undefined {
  const has = (name: string): boolean => node.attrs?.[name] !== undefined;
  if (node.type === 'media') {
    const needed = node.attrs?.['type'] === 'external' ? ['url'] : ['id', 'collection'];
    const missing = needed.find((name) => !has(name));
    if (missing !== undefined) return `${path}: media needs ${missing}`;
  }
  const isCard = node.type === 'inlineCard' || node.type === 'blockCard';
  if (isCard && !has('url') && !has('data') && !has('datasource')) return `${path}: a card needs a url or data`;
  return undefined;
}

function faultOfChildren(node: AdfNode, { parent, path }: Position): string | undefined {
  const rule = nodeRules[node.type] ?? {};
  if (rule.children === undefined) return node.content === undefined ? undefined : `${path}: ${node.type} has no content`;
  const children = node.content ?? [];
  const isFree = parent?.type === 'bodiedSyncBlock' && uncountedWhenSynced.has(node.type);
  if (!isFree && children.length < (rule.minimum ?? 0)) return `${path}: ${node.type} needs content`;
  if (!isFree && children.length > (rule.maximum ?? Number.POSITIVE_INFINITY))
    return `${path}: ${node.type} has too much content`;
  for (const [position, child] of children.entries()) {
    const childPath = `${path}/${position}:${child.type}`;
    const allowed = position === 0 ? (rule.first ?? rule.children) : rule.children;
    if (!allowed.includes(child.type)) return `${childPath}: not allowed in ${node.type}`;
    if (node.type === 'mediaSingle' && position === 1 && child.type !== 'caption') return `${childPath}: only a caption follows`;
    const fault = faultOf(child, { parent: node, path: childPath });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

interface AttributeRules {
  readonly attributes: Readonly<Record<string, AttributeRule>>;
  readonly required: readonly string[];
  readonly path: string;
}

function faultOfAttributes(given: Readonly<Record<string, unknown>>, rules: AttributeRules): string | undefined {
  const missing = rules.required.find((name) => given[name] === undefined);
  if (missing !== undefined) return `${rules.path}: attribute ${missing} is missing`;
  return faultOfEach(Object.entries(given), ([name, value]) => {
    // Jira puts a localId on any node by now, so that it takes one on any node.
    const rule = name === 'localId' ? 'string' : rules.attributes[name];
    if (rule === undefined) return `${rules.path}: unknown attribute ${name}`;
    return fits(value, rule) ? undefined : `${rules.path}: attribute ${name} has a wrong value`;
  });
}

function fits(value: unknown, rule: AttributeRule): boolean {
  switch (rule) {
    case 'any':
      return true;
    case 'text':
      return typeof value === 'string' && value !== '';
    case 'numbers':
      return Array.isArray(value) && value.every((item) => typeof item === 'number');
    case 'strings':
      return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === rule;
    default:
      return rule.some((allowed) => allowed === value);
  }
}

function faultOfEach<Item>(items: readonly Item[], fault: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = fault(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
