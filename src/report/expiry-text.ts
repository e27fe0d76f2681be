const dayMs = 24 * 3_600_000;
/** Tokens are warned of from so long before. */
const nearMs = 30 * dayMs;

type Times = { readonly public?: number | undefined; readonly private?: number | undefined };
type Side = 'public' | 'private';
const sides: readonly Side[] = ['public', 'private'];

export function isNear(at: number, now: number): boolean {
  return at - now <= nearMs;
}

/** `2027-03-31`. */
export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

const steps: Readonly<Record<Side, string>> = {
  public:
    'Make a new one for the same account, give it as jira-token (with jira-email and jira-token-expires), or have the code reissued with it.',
  private: 'Make a new one for the same account and give it as tracker-token.',
};

const owners: Readonly<Record<Side, string>> = { public: "The Jira account's token", private: "The private tracker's token" };

/** When a token expires, at the latest, and what to do: without the time that is left, so that it stays the same text. */
export function expiryText(side: Side, at: number): string {
  return `${owners[side]} expires by ${dayText(at)}. ${steps[side]}`;
}

/** One line for each token that expires within 30 days, with the time that is left. */
export function expiryNotices(times: Times, now: number): readonly string[] {
  return sides.flatMap((side) => {
    const at = times[side];
    if (at === undefined || !isNear(at, now)) return [];
    const days = Math.ceil((at - now) / dayMs);
    const left = days > 0 ? `in ${days} day${days === 1 ? '' : 's'}` : 'which is over';
    return [expiryText(side, at).replace('. ', `, ${left}. `)];
  });
}

export function expiryFacts(times: Times): readonly { readonly name: string; readonly value: string }[] {
  return sides.flatMap((side) => {
    const at = times[side];
    return at === undefined ? [] : [{ name: `token of the ${side} side`, value: `expires by ${dayText(at)}` }];
  });
}
