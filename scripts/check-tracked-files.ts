import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Finding {
  readonly name: string;
  readonly pattern: RegExp;
  /** Bundles carry the source of packages, which may name such things; a path of the build machine is looked for by bundle.ts. */
  readonly alsoInDist: boolean;
  /** A folder whose files may hold it, and why beside it. */
  readonly except?: string;
}

/** Built from parts, so that this file does not hold what it looks for. */
const machineFolders = ['work', 'root', 'farm'].join('|');
const findings: readonly Finding[] = [
  { name: 'a download address of a package', pattern: /"resolved": *"https?:/, alsoInDist: true },
  { name: 'the host of a package registry', pattern: /registry\.(?:npmjs\.org|yarnpkg\.com|npmmirror\.com)/, alsoInDist: false },
  { name: 'a path of one machine', pattern: new RegExp(`(?<![\\w.}*])/(?:${machineFolders})/`), alsoInDist: false },
  { name: 'an Atlassian API token', pattern: /ATATT3[\w=-]{40,}/, alsoInDist: true },
  { name: 'a GitHub token', pattern: /(?<!\w)(?:gh[oprsu]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/, alsoInDist: true },
  { name: 'an npm token', pattern: /(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)/, alsoInDist: true },
  { name: 'a cloud access key', pattern: /(?<!\w)(?:AKIA[0-9A-Z]{16}|AIza[\w-]{35})(?!\w)/, alsoInDist: true },
  {
    name: 'a private key',
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{100,}/,
    alsoInDist: true,
    // Keys of certificates for loopback names that nothing outside of the tests trusts.
    except: 'test/gateway/certificates/',
  },
  { name: 'an unsealed invitation code', pattern: /sallyport1\.[\w-]{200,}/, alsoInDist: true },
];

const root = join(import.meta.dirname, '..');
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '');
let problems = 0;
for (const path of tracked) {
  const text = readFileSync(join(root, path), 'utf8');
  const bundled = path.startsWith('dist/');
  for (const { name, pattern, alsoInDist, except } of findings) {
    const excepted = (bundled && !alsoInDist) || (except !== undefined && path.startsWith(except));
    const match = excepted ? null : pattern.exec(text);
    if (match === null) continue;
    problems += 1;
    // The place, never the text: this output is kept in logs.
    console.error(`${path}:${text.slice(0, match.index).split('\n').length}: looks like ${name}`);
  }
}
console.log(`${tracked.length} tracked files, ${problems} problems`);
process.exitCode = problems === 0 && tracked.length > 0 ? 0 : 1;
