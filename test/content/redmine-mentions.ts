const punctuation = '[\\p{P}$+<=>^`|~]';
const mention = new RegExp(
  String.raw`(?:^|[^A-Za-z0-9_])@([A-Za-z0-9_@.\-]*?)(?=${punctuation}[^A-Za-z0-9_/]|[ \t\r\n\f\v]|${punctuation}?$)`,
  'gmu',
);

/** The logins that Redmine finds in a body (`scan_for_mentioned_users` of its lib/redmine/acts/mentionable.rb). */
export function redmineMentions(body: string, format: 'textile' | 'common_mark'): string[] {
  const taken = format === 'textile' ? /<pre>(.*?)<\/pre>/gs : /(~~~|```)(.*?)(~~~|```)/gs;
  const content = body.replaceAll(/\r\n(?:>\s)+(.*?)\r\n/gs, '').replaceAll(taken, '');
  return [...content.matchAll(mention)].map(([, login = '']) => login).filter((login) => /[a-z0-9]/i.test(login));
}
