import { safeFileName } from '../../content/file-name.ts';
import type { GitHubAddresses } from './addresses.ts';
import { isGitHubCom } from './addresses.ts';

/**
 * URLs of files that people put into issues, and of the copies that the connection stored, to ids and back. An id is the
 * part of the URL that stays: a person's file has its path on the web server, so that the URL made of it again can only
 * ever lead to the connection's own hosts, whatever the text names (SSRF).
 */
export interface AttachmentLinks {
  /** The attachment that a URL in a text of this repository names, undefined for any other URL. */
  idOf(url: string): string | undefined;
  /** Where a person opens it, and what a text refers to it by. Undefined for what is no id of this side. */
  urlOf(id: string): string | undefined;
  /** The path on the file branch, if the id is that of a stored copy. */
  copyPathOf(id: string): string | undefined;
}

const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const name = '[A-Za-z0-9_.-]+';
/** Paths on the web server: today's and the older forms of `{owner}/{repository}/…`. */
const personsPaths: readonly RegExp[] = [
  new RegExp(`^user-attachments/assets/${uuid}$`),
  /^user-attachments\/files\/\d+\/[^/?#]+$/,
  new RegExp(`^${name}/${name}/files/\\d+/[^/?#]+$`),
  new RegExp(`^${name}/${name}/assets/\\d+/${uuid}$`),
];
const userImagesHost = 'https://user-images.githubusercontent.com/';
const userImagesPath = /^\d+\/[A-Za-z0-9_.%-]+$/;
const copyPrefix = 'copy:';
const userImagesPrefix = 'user-images/';

export function attachmentLinks(options: {
  readonly addresses: GitHubAddresses;
  /** Where copies are stored. */
  readonly filesRepository: { readonly owner: string; readonly name: string };
  readonly branch: string;
}): AttachmentLinks {
  const { addresses, filesRepository } = options;
  const web = `${addresses.webUrl}/`;
  const raw = `${web}${filesRepository.owner}/${filesRepository.name}/raw/refs/heads/${options.branch}/`;
  // The repository may have been renamed, or another one been chosen for files, since an address was written: the branch tells.
  const copyPath = new RegExp(`^${name}/${name}/raw/refs/heads/${options.branch.replaceAll('.', String.raw`\.`)}/(.*)$`, 'i');
  return {
    idOf(url) {
      const bare = url.split(/[?#]/)[0] ?? '';
      const isHere = bare.toLowerCase().startsWith(web.toLowerCase());
      const stored = isHere ? copyPath.exec(bare.slice(web.length))?.[1] : undefined;
      if (stored !== undefined) {
        const path = decodePath(stored);
        return path === undefined || !isCopyPath(path) ? undefined : `${copyPrefix}${path}`;
      }
      if (isGitHubCom(addresses) && bare.startsWith(userImagesHost)) {
        const path = bare.slice(userImagesHost.length);
        return userImagesPath.test(path) ? `${userImagesPrefix}${path}` : undefined;
      }
      if (!bare.startsWith(web)) return undefined;
      const path = bare.slice(web.length);
      return isPersonsPath(path) ? path : undefined;
    },
    urlOf(id) {
      const path = copyPathOf(id);
      if (path !== undefined) return `${raw}${path.split('/').map(encodeSegment).join('/')}`;
      const userImage = id.startsWith(userImagesPrefix) ? id.slice(userImagesPrefix.length) : undefined;
      if (userImage !== undefined && userImagesPath.test(userImage)) return `${userImagesHost}${userImage}`;
      return isPersonsPath(id) ? `${web}${id}` : undefined;
    },
    copyPathOf,
  };
}

/** The id of a copy stored at this path of the file branch. */
export function copyId(path: string): string {
  return `${copyPrefix}${path}`;
}

/**
 * The path of a copy: the origin's issue and attachment id are in it, so that a file stored twice after a lost answer is one
 * file (I2). Of the name, path parts, control characters and direction overrides are taken out.
 */
export function copyPath(origin: { readonly issueId: string; readonly attachmentId: string; readonly name: string }): string {
  return [origin.issueId, origin.attachmentId, safeFileName(origin.name)].map(segmentOf).join('/');
}

/**
 * The name of a person's file: from the URL where it has one, else from the text of the link or image, else from the id.
 */
export function attachmentName(id: string, label: string): string {
  const last = id.split('/').at(-1) ?? id;
  if (/(?:^|\/)files\/\d+\//.test(id) || id.startsWith(copyPrefix)) return safeFileName(decodePath(last) ?? last);
  const text = safeFileName(label);
  // GitHub writes the alternative text "image" for everything that is pasted: no name to tell two of them apart.
  if (label.trim() !== '' && !/^image$/i.test(text)) return text;
  return id.startsWith(userImagesPrefix) ? safeFileName(last) : `image-${last.slice(0, 8)}`;
}

function copyPathOf(id: string): string | undefined {
  if (!id.startsWith(copyPrefix)) return undefined;
  const path = id.slice(copyPrefix.length);
  return isCopyPath(path) ? path : undefined;
}

export function isCopyPath(path: string): boolean {
  const parts = path.split('/');
  return parts.length === 3 && parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

function isPersonsPath(path: string): boolean {
  return personsPaths.some((pattern) => pattern.test(path));
}

/** One part of a path in a git tree: no slash, not `.` or `..`, and not `.git`, which GitHub refuses. */
function segmentOf(text: string): string {
  const part = text.replaceAll(/[/\\\u0000]/g, '_');
  return /^\.+$/.test(part) || part === '' ? `_${part}` : part.replace(/^\.git$/i, '_.git');
}

/** Parentheses end a link's target in Markdown, so they are encoded as well. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll(/[()'!*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
