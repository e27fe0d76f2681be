import { deflateSync } from 'node:zlib';
import type { JiraCloudSimulator } from '../simulators/jira-cloud/jira-cloud.ts';

/** The public side of the demonstration and the people there. */
export interface DemoWorld {
  readonly jira: JiraCloudSimulator;
  readonly project: string;
  readonly people: { readonly ann: string; readonly ben: string };
}

interface AdfNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

const text = (value: string, ...marks: readonly string[]): AdfNode =>
  marks.length === 0 ? { type: 'text', text: value } : { type: 'text', text: value, marks: marks.map((type) => ({ type })) };
const paragraph = (...content: readonly AdfNode[]): AdfNode => ({ type: 'paragraph', content });
const document = (...content: readonly AdfNode[]): { version: 1; type: 'doc'; content: readonly AdfNode[] } => ({
  version: 1,
  type: 'doc',
  content,
});
const cell = (type: 'tableHeader' | 'tableCell', value: string): AdfNode => ({ type, content: [paragraph(text(value))] });

/** A picture of one colour, 16 by 16, as PNG. */
export function picture(red: number, green: number, blue: number): Uint8Array {
  const row = Buffer.concat([Buffer.of(0), ...Array.from({ length: 16 }, () => Buffer.of(red, green, blue))]);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(16, 0);
  header.writeUInt32BE(16, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: 16 }, () => row)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xff_ff_ff_ff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xed_b8_83_20 : crc >>> 1;
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}

const panel = (kind: string, value: string): AdfNode => ({
  type: 'panel',
  attrs: { panelType: kind },
  content: [paragraph(text(value))],
});

/** Formatting of every common kind: marks, a panel, tasks, a table, code. */
function loginReport(): ReturnType<typeof document> {
  return document(
    paragraph(
      text('Since release '),
      text('4.2', 'strong'),
      text(' the login page answers '),
      text('HTTP 500', 'code'),
      text('.'),
    ),
    panel('warning', 'Customers of the northern region are affected.'),
    {
      type: 'taskList',
      attrs: { localId: 'tasks' },
      content: [
        { type: 'taskItem', attrs: { localId: 'one', state: 'DONE' }, content: [text('Collect the logs')] },
        { type: 'taskItem', attrs: { localId: 'two', state: 'TODO' }, content: [text('Reproduce it')] },
      ],
    },
    {
      type: 'table',
      content: [
        { type: 'tableRow', content: [cell('tableHeader', 'Browser'), cell('tableHeader', 'Result')] },
        { type: 'tableRow', content: [cell('tableCell', 'Firefox'), cell('tableCell', 'fails')] },
        { type: 'tableRow', content: [cell('tableCell', 'Chromium'), cell('tableCell', 'works')] },
      ],
    },
    { type: 'codeBlock', attrs: { language: 'json' }, content: [text('{ "error": "session" }')] },
  );
}

/** Issues as people write them, on the public side. Returns the keys. */
export function seedJira(world: DemoWorld): { readonly login: string; readonly epic: string; readonly service: string } {
  const { jira, people, project } = world;
  const login = jira.people.createIssue({
    project,
    as: people.ann,
    summary: 'Login fails after the password was changed',
    type: 'Bug',
    labels: ['sync'],
    description: loginReport(),
    comments: [
      { as: people.ben, body: 'I can see it, too. @ann, which build is it?' },
      { as: people.ann, body: 'Build 1423.' },
    ],
  });
  jira.people.addAttachment(login.key, {
    name: 'server.log',
    bytes: Buffer.from('12:00 login refused\n12:01 login refused\n'),
    as: people.ann,
    mediaType: 'text/plain',
  });
  jira.people.addAttachment(login.key, {
    name: 'screenshot.png',
    bytes: picture(220, 60, 40),
    as: people.ann,
    mediaType: 'image/png',
  });
  const epic = jira.people.createIssue({
    project,
    as: people.ann,
    summary: 'New sign-in',
    type: 'Epic',
    labels: ['sync'],
    description: document(
      { type: 'heading', attrs: { level: 2 }, content: [text('Goal')] },
      {
        type: 'bulletList',
        content: [
          { type: 'listItem', content: [paragraph(text('one page'))] },
          { type: 'listItem', content: [paragraph(text('passkeys'))] },
        ],
      },
      { type: 'expand', attrs: { title: 'History' }, content: [paragraph(text('Asked for in spring.'))] },
    ),
  });
  const service = jira.people.createIssue({
    project,
    as: people.ben,
    summary: 'Customer cannot export invoices',
    type: 'Story',
    labels: ['sync'],
    description: 'The export button does nothing.',
    comments: [{ as: people.ben, body: 'Internal: the customer is on the old plan.', internal: true }],
  });
  return { login: login.key, epic: epic.key, service: service.key };
}
