import type { Check } from '../core/result.ts';
import type { Block, Cell } from './blocks.ts';

/** A host that a firewall has to let out. */
export interface HostRow {
  readonly side: 'public' | 'private' | 'runner';
  readonly host: string;
  readonly port: number;
  readonly protocol: 'https' | 'http';
  readonly why: string;
}

/** Checks of one subject of `doctor`. */
export interface CheckGroup {
  readonly title: string;
  readonly checks: readonly Check[];
}

const marks: Readonly<Record<Check['outcome'], string>> = { passed: '✔', warning: '⚠', failed: '✘' };

export function checksBlock(checks: readonly Check[], title = 'Checks'): Block {
  const items = checks.map(
    (check): Cell => [
      `${marks[check.outcome]} ${check.name}: `,
      check.detail,
      ...(check.next === undefined ? [] : [` → ${check.next}`]),
    ],
  );
  return { kind: 'list', title, items };
}

export function examinedBlocks(groups: readonly CheckGroup[]): readonly Block[] {
  const all = groups.flatMap(({ checks }) => checks);
  const count = (outcome: Check['outcome']): number => all.filter((check) => check.outcome === outcome).length;
  const text = `${count('passed')} passed, ${count('warning')} to look at, ${count('failed')} failed.`;
  return [
    count('failed') === 0 ? { kind: 'line', text: [text] } : { kind: 'line', text: [text], isAlert: true },
    ...groups.filter(({ checks }) => checks.length > 0).map(({ title, checks }) => checksBlock(checks, title)),
  ];
}

export function hostsBlocks(hosts: readonly HostRow[]): readonly Block[] {
  return [
    {
      kind: 'table',
      title: 'Hosts to let out, all by TCP',
      columns: ['Host', 'Port', 'Protocol', 'Why'],
      rows: hosts.map(({ host, port, protocol, why }) => [[host], [String(port)], [protocol], [why]]),
    },
    { kind: 'line', text: ['Nothing has to be let in: every request starts on the runner.'] },
  ];
}
