import { readMarkdown } from './decode-markdown.ts';
import { onlyPicture, type PictureSyntax } from './own-pictures.ts';
import { htmlText } from './render-blocks.ts';
import type { RenderOptions } from './render-inline.ts';

const label = String.raw`!\[(?:\\.|[^\\[\]\r\n])*\]`;
const destination = String.raw`\((?:<[^<>\r\n]*>|(?:\\.|[^\s()<>\\])*)(?:[ \t]+"[^"\r\n]*")?\)`;
const picture = new RegExp(String.raw`<img\b[^<>\r\n]{0,2000}>|${label}${destination}`, 'gi');
const description = new RegExp(`^${label}`);
const alternative = /(?<=\salt\s*=\s*)(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+)/i;

/** Pictures of Markdown, which may have a title, and of HTML, which may have a size. */
export function markdownPictures(source: {
  readonly attachmentId: (url: string) => string | undefined;
  readonly options: RenderOptions;
}): PictureSyntax {
  return {
    pattern: picture,
    read: (authored) => onlyPicture(readMarkdown(authored, source.attachmentId).segments.flatMap(({ blocks }) => [...blocks])),
    describe: (authored, written) => {
      if (authored.startsWith('!')) return authored.replace(description, () => description.exec(written.authored)?.[0] ?? '');
      // A bar would end a cell.
      const alt = `"${htmlText(written.alt, source.options).replaceAll('"', '&quot;').replaceAll('|', '&#124;')}"`;
      return alternative.test(authored)
        ? authored.replace(alternative, () => alt)
        : authored.replace(/^<img/i, (tag) => `${tag} alt=${alt}`);
    },
  };
}
