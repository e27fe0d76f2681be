/** Hides secrets in everything that is printed (I8). */
export interface Redactor {
  add(secret: string): void;
  apply(text: string): string;
}

/** Shorter strings would hide ordinary words; no credential is that short. */
const lengthMin = 6;

export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    add: (secret) => {
      for (const line of secret.split(/\r?\n/)) if (line.trim().length >= lengthMin) secrets.add(line.trim());
    },
    apply: (text) => {
      // Longest first: a secret that holds another one is hidden whole.
      const ordered = [...secrets].toSorted((a, b) => b.length - a.length);
      return ordered.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
    },
  };
}

/** A line that cannot start a workflow command: `::` at its beginning is parted (I10). */
export function harmless(line: string): string {
  return line.replaceAll(/^(\s*):(?=:)/gm, '$1:\u200B').replaceAll(/^(\s*)##\[/gm, '$1##\u200B[');
}
