import { adfText, attributeOf, contentOf, marksOf, memberOf, textAttribute, type AdfNode } from './adf-document.ts';
import { attachmentUrl } from './neutral.ts';
import { depthMax, noMarks, textRuns, type MarkName, type Run, type Style } from './runs.ts';

export interface AdfDecodeContext {
  /** The attachment of this issue that a media id stands for; undefined where it is not known. */
  readonly attachmentId: (mediaId: string) => string | undefined;
  /** The attachment of this issue that a link points to: the inverse of `attachmentLink`. */
  readonly attachmentIdOfLink?: (url: string) => string | undefined;
}

/** Reads inline nodes as runs, not normal yet. Unknown ones are read for their text. */
export function adfRuns(nodes: readonly AdfNode[], context: AdfDecodeContext, depth = 0): Run[] {
  return nodes.flatMap((node) =>
    depth > depthMax ? textRuns(adfText(node), styleOf(node, context)) : inlineRuns(node, context, depth),
  );
}

function inlineRuns(node: AdfNode, context: AdfDecodeContext, depth: number): Run[] {
  const style = styleOf(node, context);
  const strong: Style = { marks: new Set<MarkName>([...style.marks, 'strong']), link: style.link };
  switch (node.type) {
    case 'text': {
      const text = typeof node['text'] === 'string' ? node['text'] : '';
      return marksOf(node).some((mark) => mark.type === 'code') ? [{ kind: 'code', text, ...style }] : textRuns(text, style);
    }
    case 'hardBreak':
      return [{ kind: 'break', ...style }];
    case 'mention':
      // The name without its @: nothing written on the other side may look like a mention of somebody there.
      return textRuns((textAttribute(node, 'text') ?? 'someone').replace(/^@/, ''), strong);
    case 'emoji':
      return textRuns(textAttribute(node, 'text') ?? textAttribute(node, 'shortName') ?? '', style);
    case 'date':
      return textRuns(isoDate(textAttribute(node, 'timestamp') ?? ''), style);
    case 'status':
      return textRuns(textAttribute(node, 'text') ?? '', strong);
    case 'inlineCard':
    case 'blockCard':
    case 'embedCard':
      return cardRuns(node, style, context);
    case 'media':
    case 'mediaInline':
      return mediaRuns(node, style, context);
    case 'placeholder':
      return [];
    default: {
      const inside = contentOf(node);
      return inside.length > 0 ? adfRuns(inside, context, depth + 1) : textRuns(textAttribute(node, 'text') ?? '', style);
    }
  }
}

function styleOf(node: AdfNode, context: AdfDecodeContext): Style {
  const marks = new Set<MarkName>();
  let link: string | undefined;
  for (const mark of marksOf(node)) {
    const name = markName(mark);
    if (name !== undefined) marks.add(name);
    if (mark.type === 'link') link ??= linkUrl(textAttribute(mark, 'href'), context);
  }
  return marks.size === 0 ? { marks: noMarks, link } : { marks, link };
}

function linkUrl(href: string | undefined, context: AdfDecodeContext): string | undefined {
  const id = href === undefined ? undefined : context.attachmentIdOfLink?.(href);
  return id === undefined ? href : attachmentUrl('public', id);
}

function markName(mark: AdfNode): MarkName | undefined {
  switch (mark.type) {
    case 'strong':
    case 'underline':
      return mark.type;
    case 'em':
      return 'emphasis';
    case 'strike':
      return 'delete';
    case 'subsup':
      return textAttribute(mark, 'type') === 'sub' ? 'subscript' : 'superscript';
    default:
      return undefined;
  }
}

/** A date's timestamp is milliseconds since 1970, at midnight UTC, as text; a reader wants the day. */
function isoDate(timestamp: string): string {
  const time = Number(timestamp);
  const date = new Date(time);
  return timestamp.trim() === '' || Number.isNaN(date.getTime()) ? timestamp : date.toISOString().replace(/T.*$/, '');
}

function cardRuns(node: AdfNode, style: Style, context: AdfDecodeContext): Run[] {
  const data = attributeOf(node, 'data');
  const url = [textAttribute(node, 'url'), memberOf(data, 'url'), memberOf(data, '@id')].find(
    (value) => typeof value === 'string',
  );
  const name = [memberOf(data, 'name'), url].find((value) => typeof value === 'string');
  return textRuns(name ?? '', { marks: style.marks, link: linkUrl(url, context) ?? style.link });
}

/** An image; one whose attachment is not known is named only, and its node stays as it is at home. */
function mediaRuns(node: AdfNode, style: Style, context: AdfDecodeContext): Run[] {
  const alt = textAttribute(node, 'alt') ?? '';
  if (textAttribute(node, 'type') === 'external')
    return [{ kind: 'image', url: textAttribute(node, 'url') ?? '', alt, ...style }];
  const id = context.attachmentId(textAttribute(node, 'id') ?? '');
  if (id === undefined) return textRuns(alt === '' ? 'attachment' : alt, style);
  return [{ kind: 'image', url: attachmentUrl('public', id), alt, ...style }];
}
