import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { LargeKind, Transfer } from '../test/large-files/transfer.ts';
import { transferBothWays } from '../test/large-files/transfer.ts';

/**
 * `npm run bench:attachments [-- --mebibytes N] [--out FILE]`: the bundle copies a file of 1 GiB from Jira Cloud to Jira Data
 * Center and to Redmine, and one back, and what was resident in it is told. Exit code 1 where bytes differ, a file is missing,
 * or the process was above 250 MB.
 */

const residentBytesMax = 250_000_000;

const { values } = parseArgs({
  options: { mebibytes: { type: 'string', default: '1024' }, out: { type: 'string' } },
});
const bytes = Number(values.mebibytes) * 1024 * 1024;

const isRight = ({ exitCode, toPrivate, toPublic, residentBytesMax: resident, failures }: Transfer): boolean =>
  exitCode === 0 &&
  failures.length === 0 &&
  [toPrivate, toPublic].every(({ origin, arrived, stored }) => stored === 1 && arrived.join() === origin) &&
  resident > 0 &&
  resident < residentBytesMax;

const trackers: readonly LargeKind[] = ['jira-dc', 'redmine'];
const results: Record<string, object> = {};
let isAllRight = true;
for (const tracker of trackers) {
  const transfer = await transferBothWays({ tracker, bytes });
  const { residentBytesMax: resident, seconds, failures } = transfer;
  const ok = isRight(transfer);
  isAllRight &&= ok;
  results[tracker] = { ok, residentMegabytesMax: Math.round(resident / 1e6), seconds, failures };
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const summary = { bytesEachWay: bytes, node: process.version, commit, results };
process.stdout.write(`${JSON.stringify(summary, undefined, 1)}\n`);
if (values.out !== undefined) {
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(summary, undefined, 1)}\n`);
}
process.exitCode = isAllRight ? 0 : 1;
