/**
 * The short names that people write most on GitHub. GitHub shows them as emoji, Jira stores emoji as nodes with their
 * Unicode text: one canonical form, Unicode, serves both. Names outside this table stay text.
 */
const emoji: Readonly<Record<string, string>> = {
  '+1': '👍',
  '-1': '👎',
  thumbsup: '👍',
  thumbsdown: '👎',
  smile: '😄',
  smiley: '😃',
  slightly_smiling_face: '🙂',
  grinning: '😀',
  laughing: '😆',
  joy: '😂',
  wink: '😉',
  blush: '😊',
  heart: '❤️',
  heart_eyes: '😍',
  thinking: '🤔',
  cry: '😢',
  sob: '😭',
  confused: '😕',
  disappointed: '😞',
  tada: '🎉',
  rocket: '🚀',
  eyes: '👀',
  fire: '🔥',
  bug: '🐛',
  sparkles: '✨',
  star: '⭐',
  warning: '⚠️',
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  bulb: '💡',
  memo: '📝',
  lock: '🔒',
  zap: '⚡',
  wave: '👋',
  pray: '🙏',
  clap: '👏',
  raised_hands: '🙌',
  ok_hand: '👌',
  muscle: '💪',
  construction: '🚧',
  rotating_light: '🚨',
};

/** Text with the short names of the table replaced. */
export function withEmoji(text: string): string {
  return text.replaceAll(/:([a-z0-9_+-]+):/g, (whole, name: string) =>
    Object.hasOwn(emoji, name) ? (emoji[name] ?? whole) : whole,
  );
}
