import type { HttpMethod, ProcessClock } from './gateway.ts';

/** At most `count` requests in any `ms` milliseconds. */
export interface PacingWindow {
  readonly count: number;
  readonly ms: number;
}

/** Slows requests that a server counts: each key of a rule has its own sliding windows. */
export interface PacingRule {
  /** As in `URL.host`. */
  readonly host: string;
  readonly methods: readonly HttpMethod[];
  /** What the request is counted under, undefined if this rule does not concern it. */
  readonly key: (url: URL) => string | undefined;
  readonly windows: readonly PacingWindow[];
}

/** GitHub's limit for requests that create content: about 80 a minute and 500 an hour (its secondary rate limits). */
export function contentCreationPacing(options: {
  readonly host: string;
  readonly methods: readonly HttpMethod[];
  /** Tested on `URL.pathname`. */
  readonly pathPattern: RegExp;
  readonly perMinute: number;
  readonly perHour: number;
}): PacingRule {
  return {
    host: options.host,
    methods: options.methods,
    // `search` ignores the state that a global or sticky expression would keep between two tests.
    key: (url) => (url.pathname.search(options.pathPattern) >= 0 ? 'content' : undefined),
    windows: [
      { count: options.perMinute, ms: 60_000 },
      { count: options.perHour, ms: 3_600_000 },
    ],
  };
}

/** Jira Cloud's limit of writes to one issue: 20 in 2 s and 100 in 30 s. An issue's id and its key count as two issues. */
export function jiraIssueWritePacing(host: string): PacingRule {
  return {
    host,
    methods: ['POST', 'PUT', 'DELETE'],
    key: (url) => /\/rest\/api\/[^/]+\/issue\/(\d+|[^/]+-\d+)(?:\/|$)/.exec(url.pathname)?.[1],
    windows: [
      { count: 20, ms: 2000 },
      { count: 100, ms: 30_000 },
    ],
  };
}

export interface Pacing {
  /**
   * Milliseconds to wait before this request may be sent. Up to `waitMsMax` the place is taken; a longer wait takes none,
   * and the request must not be sent now.
   */
  reserve(request: { readonly method: HttpMethod; readonly url: URL }, waitMsMax: number): number;
}

/** Keys beyond this number are looked over for such as no window remembers any more. */
const keysKept = 1000;

interface Track {
  readonly windows: readonly PacingWindow[];
  /** When requests were or will be sent, oldest first, monotonic milliseconds. */
  sentAt: readonly number[];
}

/** Sliding windows over the process's monotonic time; requests of one key are served in the order in which they ask. */
export function createPacing(rules: readonly PacingRule[], clock: Pick<ProcessClock, 'monotonicMs'>): Pacing {
  const tracks = new Map<string, Track>();

  function tracksOf(request: { readonly method: HttpMethod; readonly url: URL }): readonly Track[] {
    const found: Track[] = [];
    for (const [index, rule] of rules.entries()) {
      if (rule.host !== request.url.host || !rule.methods.includes(request.method)) continue;
      const key = rule.key(request.url);
      if (key === undefined) continue;
      const name = `${index} ${key}`;
      const track = tracks.get(name) ?? { windows: rule.windows, sentAt: [] };
      tracks.set(name, track);
      found.push(track);
    }
    return found;
  }

  return {
    reserve(request, waitMsMax) {
      const now = clock.monotonicMs();
      const concerned = tracksOf(request);
      for (const track of concerned) track.sentAt = rememberedAt(track, now);
      const at = Math.max(now, ...concerned.map(earliestOf));
      if (at - now > waitMsMax) return at - now;
      for (const track of concerned) track.sentAt = [...track.sentAt, at];
      if (tracks.size > keysKept) forgetIdle(tracks, now);
      return at - now;
    },
  };
}

/** The first moment at which one more request stays within every window. */
function earliestOf(track: Track): number {
  let earliest = track.sentAt.at(-1) ?? -Infinity;
  for (const { count, ms } of track.windows) {
    const blocking = track.sentAt.at(-count);
    if (track.sentAt.length >= count && blocking !== undefined) earliest = Math.max(earliest, blocking + ms);
  }
  return earliest;
}

function rememberedAt(track: Track, now: number): readonly number[] {
  const longest = Math.max(...track.windows.map((window) => window.ms));
  return track.sentAt.filter((time) => time > now - longest);
}

function forgetIdle(tracks: Map<string, Track>, now: number): void {
  for (const [name, track] of tracks) {
    if (rememberedAt(track, now).length === 0) tracks.delete(name);
  }
}
