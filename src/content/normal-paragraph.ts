import type { BlockContent, Paragraph, PhrasingContent } from 'mdast';
import { mergeAlike, normalRuns, type BreakRule } from './normal-runs.ts';
import { parseAttachmentUrl } from './neutral.ts';
import { buildInline, flattenInline, type Run } from './runs.ts';

/**
 * Paragraphs in normal form. Two breaks in a row part paragraphs. ADF knows images as blocks (`mediaSingle`), and inside
 * a line only those of attachments (`mediaInline`): an image of another site amid text becomes a link to it, and images
 * that share a paragraph with nothing but each other stand alone.
 */
export function normalParagraphs(runs: readonly Run[]): Paragraph[] {
  return partAtBreaks(normalRuns(runs, 'paragraphs'))
    .flatMap(separateImages)
    .flatMap((line): Paragraph[] => (isBlank(line) ? [] : [{ type: 'paragraph', children: buildInline(line) }]));
}

/** One line of content in normal form, for headings and tasks, where no block image may stand. */
export function normalLine(runs: readonly Run[], breaks: BreakRule): PhrasingContent[] {
  const line = lowerImages(normalRuns(runs, breaks), breaks);
  return isBlank(line) ? [] : buildInline(line);
}

/** The image, linked or not, that is all there is in these runs and may stand as a block. */
export function loneImage(runs: readonly Run[]): Extract<Run, { kind: 'image' }> | undefined {
  const [run] = runs;
  return runs.length === 1 && run?.kind === 'image' && standsAlone(run.url) ? run : undefined;
}

/** The picture that stands alone in its paragraph; undefined for any other block. */
export function lonePicture(block: BlockContent | undefined): Extract<Run, { kind: 'image' }> | undefined {
  return block?.type === 'paragraph' ? loneImage(flattenInline(block.children)) : undefined;
}

/** Attachments of the issue and images of the web can be shown; what a relative path means is known on one side only. */
function standsAlone(url: string): boolean {
  return isAttachment(url) || /^https?:\/\//i.test(url);
}

function isAttachment(url: string): boolean {
  return parseAttachmentUrl(url) !== undefined;
}

function isBlank(line: readonly Run[]): boolean {
  return line.every((run) => run.kind === 'break' || (run.kind === 'text' && run.text.trim() === ''));
}

function partAtBreaks(runs: readonly Run[]): Run[][] {
  const lines: Run[][] = [[]];
  for (const [index, run] of runs.entries()) {
    if (run.kind === 'break' && (runs[index + 1]?.kind === 'break' || runs[index - 1]?.kind === 'break')) {
      if (runs[index + 1]?.kind === 'break') lines.push([]);
    } else lines.at(-1)?.push(run);
  }
  return lines;
}

function separateImages(line: readonly Run[]): Run[][] {
  const images = line.filter((run) => run.kind === 'image');
  const onlyImages = images.length > 0 && line.every((run) => run.kind === 'image' || isBlank([run]));
  const separable = images.every(
    (run) => standsAlone(run.url) && (images.length === 1 || isAttachment(run.url) || run.link === undefined),
  );
  return onlyImages && separable ? images.map((image) => [image]) : [lowerImages(line, 'single')];
}

/** Images that cannot stand in a line become links with their description. */
function lowerImages(line: readonly Run[], breaks: BreakRule): Run[] {
  if (line.every((run) => run.kind !== 'image' || isAttachment(run.url))) return mergeAlike(line);
  const lowered = line.map((run): Run => {
    if (run.kind !== 'image' || isAttachment(run.url)) return run;
    return { kind: 'text', text: run.alt === '' ? 'image' : run.alt, marks: run.marks, link: run.link ?? run.url };
  });
  return normalRuns(lowered, breaks);
}
