import type { Nodes, RootContent } from 'mdast';
import type { Construct, Extension } from './joined-data.ts';

/** Labels that links and, with a `^` before them, footnotes are defined by in these blocks, in the form in which they are compared. */
export function labelsDefinedIn(blocks: readonly RootContent[]): ReadonlySet<string> {
  const labels = new Set<string>();
  const waiting: Nodes[] = [...blocks];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('children' in node) waiting.push(...node.children);
    if (node.type === 'definition') labels.add(comparable(node.identifier));
    else if (node.type === 'footnoteDefinition') labels.add(comparable(`^${node.identifier}`));
  }
  return labels;
}

/** All that may name a definition in a source: more than the parser finds, never less. */
export function labelsNamedIn(source: string): ReadonlySet<string> {
  const labels = new Set<string>();
  // A label that goes on in the next line of a quote does so after its sign.
  for (const [, label = ''] of source.replaceAll(/[\r\n][\s>]*/g, ' ').matchAll(/\[((?:\\[^]|[^[\]\\]){1,999})(?=\])/g))
    labels.add(comparable(label));
  return labels;
}

/** CommonMark, "matching": case and the amount of white space do not count (micromark-util-normalize-identifier). */
function comparable(label: string): string {
  return label
    .replaceAll(/[\t\n\r ]+/g, ' ')
    .replaceAll(/^ | $/g, '')
    .toLowerCase()
    .toUpperCase();
}

/** A label with white space in it defines a link, whatever it begins with: no footnote has such a one. */
function isNote(label: string): boolean {
  return label.startsWith('^') && !label.includes(' ');
}

/** With this extension the parser takes references for such whose definitions are elsewhere. */
export function knowing(labels: readonly string[]): Extension {
  const told = new WeakSet<object>();
  const tell: Construct = {
    name: 'knownLabels',
    tokenize(_effects, _ok, nok) {
      const { parser } = this;
      if (!told.has(parser)) {
        told.add(parser);
        parser.defined.push(...labels.filter((label) => !isNote(label)));
        parser.gfmFootnotes = [...(parser.gfmFootnotes ?? []), ...labels.filter(isNote).map((label) => label.slice(1))];
      }
      return nok;
    },
  };
  // Tried at the beginning of each line, the first one included; text is read after all lines.
  return { document: { null: tell } };
}
