import { itemKey, originOf } from './ledger.ts';
import type { Ledger, UnreadEdit } from './ledger.ts';
import type { Stage } from './people.ts';
import type { Act, ActKind } from './scenario.ts';
import { repository } from './names.ts';

/**
 * A person edits the very issue or comment that the request at hand is about to write: after the connection has read it for
 * the last time. Only where the tracker has a history: docs/rules.md tells what remains where there is none (I3). Returns
 * the acts, which are none where the request writes no such item.
 */
export function actsOnWhatIsWritten(stage: Stage, request: Request): readonly Act[] {
  const { pathname } = new URL(request.url);
  // Which of them is drawn by how many requests there were: the same in the same run.
  const { requests } = stage.trackers;
  const onText: ActKind = requests % 3 === 0 ? 'description.remove' : 'description.edit';
  const on = (side: Act['side'], id: string): readonly Act[] =>
    (['summary.edit', onText] as const).map((what) => ({ side, what, issue: 0, item: requests % 5, id }));
  const onJira = request.method === 'PUT' ? /\/rest\/api\/3\/issue\/(\d+)$/.exec(pathname)?.[1] : undefined;
  if (onJira !== undefined) return on('public', onJira);
  const there = request.method === 'PUT' ? /\/(?:rest\/api\/2\/issue\/(\d+)|redmine\/issues\/(\d+)\.json)$/.exec(pathname) : null;
  const thereId = there?.[1] ?? there?.[2];
  if (thereId !== undefined) return on('private', thereId);
  if (request.method !== 'PATCH') return [];
  const issue = /\/issues\/(\d+)$/.exec(pathname)?.[1];
  if (issue !== undefined) return on('private', issue);
  const comment = Number(/\/issues\/comments\/(\d+)$/.exec(pathname)?.[1]);
  for (const { number, comments } of stage.trackers.there.github?.issues(repository) ?? []) {
    const item = comments.findIndex(({ id }) => id === comment);
    if (item !== -1) return [{ side: 'private', what: 'comment.edit', issue: 0, item, id: String(number) }];
  }
  return [];
}

/** The private issue that a request reads, and no other. */
function issueRead({ method, url }: Request): string | undefined {
  if (method !== 'GET') return undefined;
  const path = /\/(?:rest\/api\/2\/issue|redmine\/issues|repos\/[^/]+\/[^/]+\/issues)\/(\d+)(?:\.json)?$/;
  return path.exec(new URL(url).pathname)?.[1];
}

/**
 * A person takes the trigger from private issues and gives it back right before each is read, which changes nothing but their
 * time, and edits their summaries right after: within one second, as most trackers tell times. To be asked before each
 * request; gives the acts that come before it.
 */
export function editsAroundReadings(after: number): (request: Request, sinceStart: number) => readonly Act[] {
  const on = (id: string | undefined, ...deeds: readonly ActKind[]): readonly Act[] =>
    id === undefined ? [] : deeds.map((what) => ({ side: 'private', what, issue: 0, item: 0, id }));
  let read: string | undefined;
  return (request, sinceStart) => {
    const reads = sinceStart >= after ? issueRead(request) : undefined;
    const acts = [...on(read, 'summary.edit'), ...on(reads, 'label.toggle', 'label.toggle')];
    read = reads;
    return acts;
  };
}

/** A person says so many things in a row on one issue: copies have to keep their order, whichever of them fails. */
export function sayInARow(act: (one: Act) => void, at: { readonly side: Act['side']; readonly issue: number }, count = 3): void {
  for (let item = 0; item < count; item += 1) act({ ...at, what: 'comment.add', item });
}

/**
 * What docs/rules.md leaves open (I3): where a tracker tells no history of comments, a person's edit between the connection's
 * last reading of a comment and its write is lost. A word is excused only where no request that could have shown it came
 * between the person and the write.
 */
export function excuseUnread(ledger: Ledger, request: Request, body: string): void {
  if (ledger.unreadEdits.length === 0) return;
  const { pathname } = new URL(request.url);
  const readThere = /\/rest\/api\/2\/issue\/(\d+)\/comment|\/redmine\/issues\/(\d+)\.json$/.exec(pathname);
  const issue = readThere?.[1] ?? readThere?.[2];
  // Twins are settled side by side: a reading of other issues shows nothing of this one.
  const isNamed = (id: string): boolean => new RegExp(`\\b${id}\\b`).test(body);
  const isRead = ({ side, issue: id, comment }: UnreadEdit): boolean => {
    if (side === 'private') return request.method === 'GET' && id === issue;
    return (pathname.endsWith('/bulkfetch') && isNamed(id)) || (pathname.endsWith('/comment/list') && isNamed(comment));
  };
  const [, api, onJira] = /\/rest\/api\/([23])\/issue\/\d+\/comment\/(\d+)$/.exec(pathname) ?? [];
  const isNote = /\/redmine\/journals\/\d+\.json$/.test(pathname);
  const isWritten = ({ side, comment }: UnreadEdit): boolean =>
    request.method === 'PUT' &&
    (side === 'public' ? api === '3' && comment === onJira : isNote || (api === '2' && comment === onJira));
  for (const edit of ledger.unreadEdits.filter(isWritten)) {
    const word = ledger.words.get(edit.word);
    if (word !== undefined) word.superseded = true;
  }
  ledger.unreadEdits = ledger.unreadEdits.filter((edit) => !isRead(edit) && !isWritten(edit));
}

/** The same of the type of an issue on GitHub, where no history tells of issue types. */
export function excuseUnreadType(ledger: Ledger, request: Request, body: string): void {
  const { pathname } = new URL(request.url);
  if (request.method === 'GET' && pathname.endsWith('/issues')) ledger.unreadTypes.clear();
  const id = /\/issues\/(\d+)$/.exec(pathname)?.[1];
  if (id === undefined || !ledger.unreadTypes.has(id)) return;
  if (request.method === 'PATCH') {
    if (!body.includes('"type":')) return;
    const entry = ledger.issues.get(originOf(ledger, itemKey('private', id)));
    if (entry !== undefined) entry.lastType = undefined;
  }
  ledger.unreadTypes.delete(id);
}

/** Redmine answers a write with nothing: what came with it is known from the next reading on that is answered (docs/rules.md, I2). */
export function noteUnread(ledger: Ledger, request: Request, isAnswered: boolean): void {
  const issue = /\/redmine\/issues\/(\d+)\.json$/.exec(new URL(request.url).pathname)?.[1];
  if (issue === undefined) return;
  const key = itemKey('private', issue);
  if (request.method === 'PUT') ledger.unread.set(key, ledger.unread.get(key) ?? new Set());
  else if (request.method === 'GET' && isAnswered) ledger.unread.delete(key);
}
