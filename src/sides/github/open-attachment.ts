import { SallyportError } from '../../errors.ts';
import { discard } from '../../gateway/read-json.ts';
import type { AttachmentContent } from '../side.ts';
import type { AttachmentLinks } from './attachment-links.ts';
import type { IssueReading } from './issue-reading.ts';
import { allOf, pagesOf } from './pages.ts';
import type { RepositoryName } from './repository.ts';
import { pathOf } from './repository.ts';
import { commentsSchema, issueSchema } from './schemas.ts';

/** Bodies with `body_html`, in which images have signed addresses for a few minutes. */
const fullMediaType = 'application/vnd.github.full+json';

/**
 * Opens a file. The address is made of its id, so that it leads to the connection's own hosts whatever the text names. With
 * the token first; images also by the signed address that GitHub shows readers of the issue.
 *
 * @throws SallyportError `refused` if neither reaches it (fine-grained and app tokens reach no private `/files/`).
 */
export async function openAttachment(
  reading: IssueReading,
  options: { readonly links: AttachmentLinks; readonly filesRepository: RepositoryName; readonly branch: string },
  wanted: { readonly issueId: string; readonly attachmentId: string },
): Promise<AttachmentContent> {
  const { links } = options;
  const { attachmentId } = wanted;
  const copyPath = links.copyPathOf(attachmentId);
  const url = links.urlOf(attachmentId);
  if (url === undefined) throw outOfReach(attachmentId);
  const response =
    copyPath === undefined
      ? ((await fetchFile(reading, url)) ?? (await fetchSigned(reading, wanted)))
      : await fetchCopy(reading, options, copyPath);
  if (response?.body == null) throw outOfReach(attachmentId);
  const length = response.headers.get('content-length');
  const isWhole = response.headers.get('content-encoding') === null;
  return {
    stream: response.body,
    size: length !== null && /^\d+$/.test(length) && isWhole ? Number(length) : undefined,
    mediaType: response.headers.get('content-type')?.split(';')[0]?.trim(),
  };
}

/** By the contents API, which every token that may read contents reaches. */
async function fetchCopy(
  reading: IssueReading,
  options: { readonly filesRepository: RepositoryName; readonly branch: string },
  path: string,
): Promise<Response | undefined> {
  const { api } = reading;
  const { owner, name } = options.filesRepository;
  const segments = path.split('/').map((segment) => encodeURIComponent(segment));
  const url = `${api.addresses.apiUrl}/repos/${owner}/${name}/contents/${segments.join('/')}?ref=${encodeURIComponent(options.branch)}`;
  return fileOr(
    await api.gateway.send({
      method: 'GET',
      url,
      headers: { authorization: `Bearer ${await api.token()}`, accept: 'application/vnd.github.raw+json' },
      retry: 'idempotent',
      purpose: 'work',
    }),
    undefined,
  );
}

/** With the token where the host is the connection's own; the gateway drops it on the way to any other. */
async function fetchFile(reading: IssueReading, url: string): Promise<Response | undefined> {
  const { api } = reading;
  const isOwn = new URL(url).origin === new URL(api.addresses.webUrl).origin;
  try {
    const response = await api.gateway.send({
      method: 'GET',
      url,
      headers: isOwn ? { authorization: `Bearer ${await api.token()}` } : {},
      retry: 'idempotent',
      purpose: 'work',
    });
    return await fileOr(response, url);
  } catch (error) {
    // A redirect to a host that is not allowed is not followed; the signed address may still serve.
    if (error instanceof SallyportError && (error.kind === 'answer' || error.kind === 'configuration')) return undefined;
    throw error;
  }
}

/** The signed address in `body_html`, of the issue first and of its comments then. */
async function fetchSigned(
  reading: IssueReading,
  wanted: { readonly issueId: string; readonly attachmentId: string },
): Promise<Response | undefined> {
  const uuid = /\/assets\/(?:\d+\/)?([0-9a-fA-F-]{36})$/.exec(`/${wanted.attachmentId}`)?.[1];
  if (uuid === undefined) return undefined;
  for await (const html of htmlBodies(reading, wanted.issueId)) {
    const url = signedUrl(html, uuid);
    if (url === undefined) continue;
    const response = await reading.api.gateway.send({ method: 'GET', url, retry: 'idempotent', purpose: 'work' });
    return fileOr(response, url);
  }
  return undefined;
}

async function* htmlBodies(reading: IssueReading, issueId: string): AsyncGenerator<string> {
  const path = { ...pathOf(reading.repository), issue_number: Number(issueId) };
  const headers = { accept: fullMediaType };
  const what = `the files of #${issueId}`;
  const issue = await reading.api.read('GET /repos/{owner}/{repo}/issues/{issue_number}', path, {
    purpose: 'work',
    what,
    headers,
    schema: issueSchema,
  });
  yield issue.body_html ?? '';
  if (issue.comments === 0) return;
  const comments = pagesOf(
    reading.api,
    { route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments', parameters: { ...path, per_page: 100 } },
    { purpose: 'work', what, headers, schema: commentsSchema },
  );
  for (const comment of await allOf(comments)) yield comment.body_html ?? '';
}

/**
 * The source of the image or video whose path holds this id and whose query holds a signature. GitHub makes `body_html`, so
 * the host is one that GitHub chose; the gateway's allow-list has the last word.
 */
function signedUrl(html: string, uuid: string): string | undefined {
  for (const match of html.matchAll(/\ssrc="([^"]+)"/g)) {
    const url = (match[1] ?? '').replaceAll('&amp;', '&');
    if (!URL.canParse(url)) continue;
    const parsed = new URL(url);
    if (parsed.pathname.toLowerCase().includes(uuid.toLowerCase()) && parsed.search !== '') return url;
  }
  return undefined;
}

/** The answer if it is the file; a page where no page was asked for is a login. */
async function fileOr(response: Response, url: string | undefined): Promise<Response | undefined> {
  const isPage = /text\/html/i.test(response.headers.get('content-type') ?? '');
  const askedForPage = url !== undefined && /\.html?$/i.test(new URL(url).pathname);
  if (response.status === 200 && (!isPage || askedForPage || url === undefined)) return response;
  await discard(response);
  if (response.status === 429 || response.status >= 500) {
    throw new SallyportError(`A file answered ${response.status}. It may go through later.`, {
      kind: 'passing',
      status: response.status,
    });
  }
  return undefined;
}

function outOfReach(attachmentId: string): SallyportError {
  const kind = attachmentId.includes('files/') ? 'file' : 'image';
  return new SallyportError(
    `The ${kind} ${attachmentId.split('/').slice(0, -1).join('/')}/… is out of this token's reach: GitHub serves people's files to classic tokens only. It stays a link; a classic token with the scope repo would reach it.`,
    { kind: 'refused' },
  );
}
