import { permissionOf, atLeast, uuid } from './data.ts';
import type { Asset, Repository, User, World } from './data.ts';
import { webUrl } from './schema-shapes.ts';

/** Files that people attach to issues: `user-attachments` on the web host, and what `body_html` makes of them. */

/** Signed URLs die after five minutes. */
const signedSeconds = 300;

export interface NewAsset {
  readonly user: User;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly kind: 'image' | 'file';
  readonly repository: Repository | undefined;
}

export function storeAsset(world: World, draft: NewAsset): Asset {
  const id = world.nextId();
  const unique = uuid(world);
  const asset: Asset = {
    id,
    uuid: unique,
    path: draft.kind === 'image' ? `assets/${unique}` : `files/${id}/${encodeURIComponent(draft.name)}`,
    name: draft.name,
    kind: draft.kind,
    bytes: new Uint8Array(draft.bytes),
    owner: draft.user,
    repository: draft.repository,
  };
  world.assets.set(asset.path, asset);
  return asset;
}

/** The address that people's texts hold. */
export function assetUrl(world: World, asset: Asset): string {
  return webUrl(world, `/user-attachments/${asset.path}`);
}

/** Only images and videos get signed addresses; other files never do (reference: github.md). */
export function signedUrl(world: World, asset: Asset): string {
  const expires = Math.floor(world.clock.now() / 1000) + signedSeconds;
  const extension = /\.\w+$/.exec(asset.name)?.[0] ?? '.png';
  return webUrl(
    world,
    `/signed/${asset.owner.id}/${asset.id}-${asset.uuid}${extension}?jwt=${expires}.${asset.uuid.slice(0, 8)}`,
  );
}

/** `/signed/…`: whoever has the address may read, for as long as it holds. No credentials are wanted. */
export function answerSigned(world: World, url: URL): Response {
  const unique = /-([\da-f-]{36})\.\w+$/.exec(url.pathname)?.[1];
  const asset = [...world.assets.values()].find((one) => one.uuid === unique);
  const [expires = '', check] = (url.searchParams.get('jwt') ?? '').split('.');
  if (asset === undefined || check !== asset.uuid.slice(0, 8)) return new Response('Not Found', { status: 404 });
  if (Number(expires) * 1000 <= world.clock.now()) return new Response('JWT has expired', { status: 401 });
  return bytesAnswer(asset);
}

/**
 * `/user-attachments/…`: everyone in a public repository; in a private one classic tokens only, all others 404.
 * Images redirect to a signed address, files come at once.
 */
export function answerAsset(world: World, url: URL, authorization: string | null): Response {
  const asset = world.assets.get(url.pathname.replace('/user-attachments/', ''));
  if (asset === undefined || !mayFetch(world, asset, authorization)) return new Response('Not Found', { status: 404 });
  if (asset.kind === 'image') return new Response(null, { status: 302, headers: { location: signedUrl(world, asset) } });
  return bytesAnswer(asset);
}

function mayFetch(world: World, asset: Asset, authorization: string | null): boolean {
  const { repository } = asset;
  if (repository !== undefined && !repository.isPrivate) return true;
  const token = world.tokens.get(/^(?:token|bearer)\s+(\S+)$/i.exec(authorization?.trim() ?? '')?.[1] ?? '');
  if (token === undefined || token.kind !== 'classic' || token.revoked) return false;
  if (token.expiresAt !== undefined && token.expiresAt <= world.clock.now()) return false;
  return repository === undefined || atLeast(permissionOf(repository, token.user), 'read');
}

function bytesAnswer(asset: Asset): Response {
  const type = asset.kind === 'image' ? 'image/png' : 'application/octet-stream';
  return new Response(asset.bytes, {
    headers: {
      'content-type': type,
      'content-length': String(asset.bytes.byteLength),
      'content-disposition': `attachment; filename="${encodeURIComponent(asset.name)}"`,
    },
  });
}

/**
 * A rough `body_html`: paragraphs, code, links and images; images of `user-attachments` at their signed addresses, as GitHub
 * renders them. Enough to find the addresses, not a Markdown renderer.
 */
export function renderHtml(world: World, body: string): string {
  const parts = body.replaceAll('\r\n', '\n').split(/^(```[\s\S]*?(?:^```[ \t]*$|$(?![\s\S])))/m);
  return parts.map((part) => (part.startsWith('```') ? renderFence(part) : renderParagraphs(world, part))).join('\n');
}

function renderFence(fence: string): string {
  const code = fence.replace(/^```[^\n]*\n?/, '').replace(/\n?```[ \t]*$/, '');
  return `<pre class="notranslate"><code class="notranslate">${escapeHtml(code)}\n</code></pre>`;
}

function renderParagraphs(world: World, text: string): string {
  const withoutComments = text.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '');
  const paragraphs = withoutComments.split(/\n\s*\n/).filter((one) => one.trim() !== '');
  return paragraphs.map((one) => `<p dir="auto">${renderInline(world, one.trim())}</p>`).join('\n');
}

const inline =
  /(`+)([\s\S]*?[^`])\1(?!`)|!\[([^\]]*)\]\(<?([^)\s>]+)>?[^)]*\)|<img\b[^>]*?\bsrc="([^"]+)"[^>]*>|\[([^\]]*)\]\(<?([^)\s>]+)>?[^)]*\)/g;

function renderInline(world: World, text: string): string {
  let html = '';
  let position = 0;
  for (const match of text.matchAll(inline)) {
    const [whole, , code, alternative, image, imageTag, label, target] = match;
    html += renderText(world, text.slice(position, match.index));
    position = match.index + whole.length;
    if (code !== undefined) html += `<code class="notranslate">${escapeHtml(code)}</code>`;
    else if (target !== undefined) html += `<a href="${escapeHtml(target)}" rel="nofollow">${escapeHtml(label ?? '')}</a>`;
    else html += imageHtml(world, image ?? imageTag ?? '', alternative ?? '');
  }
  return html + renderText(world, text.slice(position));
}

/** A bare address of a video on its own line becomes a player at its signed address. */
function renderText(world: World, text: string): string {
  const pieces = text.split(/(https?:\/\/[^\s<>]+)/);
  return pieces
    .map((piece, index) => {
      if (index % 2 === 0) return escapeHtml(piece);
      const asset = assetOf(world, piece);
      if (asset?.kind === 'image')
        return `<video src="${escapeHtml(signedUrl(world, asset))}" data-canonical-src="${escapeHtml(piece)}" controls="controls"></video>`;
      return `<a href="${escapeHtml(piece)}" rel="nofollow">${escapeHtml(piece)}</a>`;
    })
    .join('');
}

function imageHtml(world: World, source: string, alternative: string): string {
  const asset = assetOf(world, source);
  const shown = escapeHtml(asset?.kind === 'image' ? signedUrl(world, asset) : source);
  return `<a target="_blank" rel="noopener noreferrer" href="${shown}"><img src="${shown}" alt="${escapeHtml(alternative)}" style="max-width: 100%;"></a>`;
}

function assetOf(world: World, address: string): Asset | undefined {
  const prefix = webUrl(world, '/user-attachments/');
  return address.startsWith(prefix) ? world.assets.get(address.slice(prefix.length)) : undefined;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
