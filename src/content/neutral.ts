import type { Data, Nodes, Parent, PhrasingContent, Root } from 'mdast';

/**
 * The neutral form in which text crosses: an mdast tree (GitHub-flavoured: tables, task lists, strikethrough, footnotes)
 * with the node kinds below. What neither GitHub nor Jira shares is lowered on decoding to the nearest readable thing;
 * native blocks keep it verbatim at home (content.md, property 4).
 */
export type Neutral = Root;

/** Any node of such a tree. */
export type NeutralNode = Nodes;

export type AlertKind = 'note' | 'important' | 'tip' | 'warning' | 'caution';

/** A Jira panel or a GitHub alert: block content with a kind. */
export interface Alert extends Parent {
  type: 'alert';
  kind: AlertKind;
  children: Root['children'];
}

/** A Jira expand or GitHub's <details>. */
export interface Details extends Parent {
  type: 'details';
  summary: string;
  children: Root['children'];
}

/** Marks that Markdown has no syntax for: <sub>, <sup>, <ins>. */
export interface InlineMark extends Parent {
  type: 'subscript' | 'superscript' | 'underline';
  children: PhrasingContent[];
  data?: Data;
}

/** A table whose cells hold blocks or span several rows or columns: what a GFM table cannot hold. */
export interface Grid extends Parent {
  type: 'grid';
  children: GridRow[];
}

export interface GridRow extends Parent {
  type: 'gridRow';
  children: GridCell[];
}

export interface GridCell extends Parent {
  type: 'gridCell';
  header: boolean;
  columnSpan: number;
  rowSpan: number;
  children: Root['children'];
}

declare module 'mdast' {
  interface RootContentMap {
    alert: Alert;
    details: Details;
    grid: Grid;
    gridRow: GridRow;
    gridCell: GridCell;
    inlineMark: InlineMark;
  }
  interface BlockContentMap {
    alert: Alert;
    details: Details;
    grid: Grid;
  }
  interface PhrasingContentMap {
    inlineMark: InlineMark;
  }
}

/** The URL by which neutral text refers to an attachment of the same issue: `attachment:public/10001`. */
export function attachmentUrl(side: 'public' | 'private', id: string): string {
  return `attachment:${side}/${encodeURIComponent(id.toWellFormed())}`;
}

const mediaPrefix = 'media:';

/** The id, within an attachment URL, of a Jira file of which only the media id is known: one that is not attached any more. */
export function idOfMedia(mediaId: string): string {
  return `${mediaPrefix}${mediaId}`;
}

/** The media id that such an id stands for; undefined for the id of an attachment. */
export function mediaOfId(id: string): string | undefined {
  return id.startsWith(mediaPrefix) ? id.slice(mediaPrefix.length) : undefined;
}

/** The side and id that an attachment URL names, or undefined for any other URL. */
export function parseAttachmentUrl(url: string): { side: 'public' | 'private'; id: string } | undefined {
  const match = /^attachment:(public|private)\/(.+)$/.exec(url);
  if (match === null || match[2] === undefined) return undefined;
  try {
    return { side: match[1] === 'public' ? 'public' : 'private', id: decodeURIComponent(match[2]) };
  } catch {
    return undefined;
  }
}
